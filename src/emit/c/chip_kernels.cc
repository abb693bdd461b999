#include "emit/c/chip_kernels.h"

#include "emit/c/dsp_calls.h"
#include "emit/c/helium_calls.h"

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

}  // namespace

Result<Program> with_chip_kernels(Program program, const TargetChip& chip) {
  if (!chip.dsp && !chip.helium) return program;
  const Graph& graph = program.graph();
  constexpr size_t kWeights = 1, kBias = 2;
  for (ProgramStep& s : program.steps) {
    Step step = s.prepared.step();
    bool changed = false;
    for (KernelCall& call : step.calls) {
      if (call.arguments.size() <= kBias) continue;
      LayerConstants8 constants;
      if (call.kernel->arguments[kWeights].type == ElementType::i8 &&
          call.kernel->arguments[kBias].type == ElementType::i32) {
        constants = {constant_of<int8_t>(graph, s, call, kWeights), constant_of<int32_t>(graph, s, call, kBias)};
      }
      if (constants.weights.empty()) continue;
      OtherCall other;
      if (chip.helium) other = helium_call(call, constants);
      if (!other.call && chip.dsp) other = dsp_call(call, constants, chip.wide_weights);
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
