#include "emit/c/chip_kernels.h"

#include "emit/c/dsp_calls.h"
#include "emit/c/element_calls.h"
#include "emit/c/helium_calls.h"
#include "emit/c/wide_calls.h"

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

/// The call of a kernel for the chip's processor, or why there is none.
OtherCall processors_call(const Graph& graph, const ProgramStep& step, const KernelCall& call, const TargetChip& chip) {
  constexpr size_t kWeights = 1, kBias = 2;
  const std::span<const KernelArgument> arguments = call.kernel->arguments;
  LayerConstants8 constants;
  if (arguments.size() > kBias && arguments[kWeights].type == ElementType::i8 &&
      arguments[kBias].type == ElementType::i32)
    constants = {constant_of<int8_t>(graph, step, call, kWeights), constant_of<int32_t>(graph, step, call, kBias)};
  OtherCall out;
  auto const first_of = [&out](OtherCall other) {
    if (other.call || !other.declined.empty()) out = std::move(other);
    return out.call.has_value();
  };
  if (chip.helium && (first_of(helium_call(call, constants)) || first_of(helium_wide_call(call)))) return out;
  if (chip.dsp && (first_of(dsp_call(call, constants, chip.wide_weights)) || first_of(dsp_wide_call(call)))) return out;
  return out;
}

/// The call of a kernel that is faster on the chip, or why there is none.
OtherCall faster_call(const Graph& graph, const ProgramStep& step, const KernelCall& call, const TargetChip& chip) {
  OtherCall out = processors_call(graph, step, call, chip);
  if (out.call || !chip.tables) return out;
  std::vector<std::span<const std::byte>> constants;
  for (size_t i = 0; i < call.arguments.size(); ++i) constants.push_back(constant_of<std::byte>(graph, step, call, i));
  OtherCall tables = element_call(call, constants);
  if (!tables.call) return out;
  OtherCall wide;
  if (chip.helium) wide = helium_wide_call(*tables.call);
  return wide.call ? wide : tables;
}

}  // namespace

Result<Program> with_chip_kernels(Program program, const TargetChip& chip) {
  if (!chip.dsp && !chip.helium && !chip.tables) return program;
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
