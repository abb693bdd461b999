#include "emit/c/chip_kernels.h"

#include <algorithm>
#include <array>

#include "emit/c/blocked_calls.h"
#include "emit/c/cell_calls.h"
#include "emit/c/dsp_calls.h"
#include "emit/c/dsp_width_calls.h"
#include "emit/c/element_calls.h"
#include "emit/c/helium_calls.h"
#include "emit/c/lstm_calls.h"
#include "emit/c/wide_calls.h"
#include "graph/unpacked.h"
#include "rows/layers.h"
#include "rows/recurrent.h"

namespace narrow {
namespace {

/// The elements of a constant that a call reads; empty where it is computed or left out.
template <class Element>
std::span<const Element> constant_of(const Graph& graph, const ProgramStep& step, const KernelCall& call,
                                     size_t argument) {
  const CallArgument& a = call.arguments[argument];
  if (a.source == CallArgument::Source::array) {
    const std::vector<std::byte>& bytes = call.arrays[static_cast<size_t>(a.index)].bytes;
    return {reinterpret_cast<const Element*>(bytes.data()), bytes.size() / sizeof(Element)};
  }
  if (a.source != CallArgument::Source::operand || a.offset != 0) return {};
  int const t = step.inputs[static_cast<size_t>(a.index)];
  if (t == kNoTensor || !graph.tensor(t).constant) return {};
  return graph.tensor(t).values<Element>();
}

/// Of each argument its bytes, empty where they are computed.
std::vector<std::span<const std::byte>> bytes_of(const Graph& graph, const ProgramStep& step, const KernelCall& call) {
  std::vector<std::span<const std::byte>> out;
  for (size_t i = 0; i < call.arguments.size(); ++i) out.push_back(constant_of<std::byte>(graph, step, call, i));
  return out;
}

/// Whether a layer's weights, so many of 8 bits, may be stored in 16 bits.
bool is_wide(const KernelCall& call, size_t weights, const TargetChip& chip) {
  if (weights == 0) return false;
  int64_t const products = call.kernel->cost(call.params.data()).macs;
  return products / static_cast<int64_t>(weights) >= chip.wide_from;
}

/// The weights of 8 bits among the constants of a call.
size_t weights_of(const KernelCall& call, const std::vector<std::span<const std::byte>>& constants) {
  size_t sum = 0;
  for (size_t i = 0; i < constants.size(); ++i)
    if (call.kernel->arguments[i].holds == Holds::weights) sum += constants[i].size();
  return sum;
}

/// Whether there is no such operand.
bool is_absent(const ProgramStep& step, const KernelCall& call, size_t argument) {
  const CallArgument& a = call.arguments[argument];
  if (a.source == CallArgument::Source::absent) return true;
  return a.source == CallArgument::Source::operand && step.inputs[static_cast<size_t>(a.index)] == kNoTensor;
}

/// The integers of a constant that a call reads, whatever their type is; empty where it is computed or left out.
std::vector<int64_t> integers_of(const Graph& graph, const ProgramStep& step, const KernelCall& call, size_t argument) {
  auto widened = [](const auto& values) { return std::vector<int64_t>(values.begin(), values.end()); };
  auto elements = [&]<class Element>(Element) { return widened(constant_of<Element>(graph, step, call, argument)); };
  const CallArgument& a = call.arguments[argument];
  DType type = DType::float32;
  if (a.source == CallArgument::Source::array) {
    ElementType const stored = call.arrays[static_cast<size_t>(a.index)].type;
    if (stored == ElementType::i8) type = DType::int8;
    if (stored == ElementType::i16) type = DType::int16;
    if (stored == ElementType::i32) type = DType::int32;
    if (stored == ElementType::i64) type = DType::int64;
  } else if (a.source == CallArgument::Source::operand && a.offset == 0 &&
             step.inputs[static_cast<size_t>(a.index)] != kNoTensor) {
    const Tensor& t = graph.tensor(step.inputs[static_cast<size_t>(a.index)]);
    if (t.constant && t.dtype == DType::int4) return widened(unpacked(t).values<int8_t>());
    type = t.dtype;
  }
  if (type == DType::int8) return elements(int8_t{});
  if (type == DType::int16) return elements(int16_t{});
  if (type == DType::int32) return elements(int32_t{});
  if (type == DType::int64) return elements(int64_t{});
  return {};
}

/// The constants of a layer with weights of up to 16 bits; none where not all of them are known.
LayerConstants constants_of(const Graph& graph, const ProgramStep& step, const KernelCall& call, size_t weights,
                            size_t bias) {
  auto const values = integers_of(graph, step, call, weights);
  LayerConstants out{{values.begin(), values.end()}, integers_of(graph, step, call, bias)};
  if (out.bias.empty() && !is_absent(step, call, bias)) return {};
  auto const shift = call.pointed_values<uint8_t>("bias.shift");
  for (size_t c = 0; c < std::min(shift.size(), out.bias.size()); ++c) out.bias[c] *= int64_t{1} << shift[c];
  return out;
}

/// The call of a kernel for the chip's processor, or why there is none.
OtherCall processors_call(const Graph& graph, const ProgramStep& step, const KernelCall& call, const TargetChip& chip) {
  constexpr size_t kWeights = 1, kBias = 2;
  const std::span<const KernelArgument> arguments = call.kernel->arguments;
  LayerConstants8 constants;
  if (arguments.size() > kBias && arguments[kWeights].type == ElementType::i8 &&
      arguments[kBias].type == ElementType::i32)
    constants = {constant_of<int8_t>(graph, step, call, kWeights), constant_of<int32_t>(graph, step, call, kBias)};
  if (!constants.weights.empty() && constants.bias.empty() && !is_absent(step, call, kBias)) constants = {};
  OtherCall out;
  auto const first_of = [&out](OtherCall other) {
    if (other.call || !other.declined.empty()) out = std::move(other);
    return out.call.has_value();
  };
  if (chip.blocked) first_of(blocked_call(call, constants));
  if (chip.helium && (first_of(helium_call(call, constants)) || first_of(helium_wide_call(call)) ||
                      (call.kernel == &kLstmI8 && first_of(helium_lstm_call(call, bytes_of(graph, step, call))))))
    return out;
  if (!chip.dsp || first_of(dsp_call(call, constants, is_wide(call, constants.weights.size(), chip))) ||
      first_of(dsp_width_add(call)) || first_of(dsp_wide_call(call)))
    return out;
  constexpr std::array kRecurrent = {&kLstmI8, &kLstmI16, &kGruI8, &kRnnI8, &kSvdfI8};
  if (std::find(kRecurrent.begin(), kRecurrent.end(), call.kernel) != kRecurrent.end()) {
    auto const all = bytes_of(graph, step, call);
    bool const wide = is_wide(call, weights_of(call, all), chip);
    if (!first_of(dsp_lstm_call(call, all, wide))) first_of(dsp_cell_call(call, all, wide));
  }
  if (layer_key(*call.kernel)) first_of(dsp_width_call(call, constants_of(graph, step, call, kWeights, kBias)));
  return out;
}

/// The call of a kernel that is faster on the chip, or why there is none.
OtherCall faster_call(const Graph& graph, const ProgramStep& step, const KernelCall& call, const TargetChip& chip) {
  OtherCall out = processors_call(graph, step, call, chip);
  if (out.call || !chip.tables) return out;
  OtherCall tables = element_call(call, bytes_of(graph, step, call));
  if (!tables.call) return out;
  OtherCall wide;
  if (chip.helium) wide = helium_wide_call(*tables.call);
  return wide.call ? wide : tables;
}

}  // namespace

Result<Program> with_chip_kernels(Program program, const TargetChip& chip) {
  if (!chip.dsp && !chip.helium && !chip.blocked && !chip.tables) return program;
  const Graph& graph = program.graph();
  for (ProgramStep& s : program.steps) {
    Step step = s.prepared.step();
    bool changed = false;
    for (KernelCall& call : step.calls) {
      OtherCall other = faster_call(graph, s, call, chip);
      if (!other.call) s.declined = std::move(other.declined);
      if (!other.call) continue;
      call = std::move(*other.call);
      changed = true;
    }
    if (!changed) continue;
    NARROW_TRY(s.prepared, prepare(OpView{graph, graph.ops[s.op]}, std::move(step), true));
  }
  return program;
}

}  // namespace narrow
