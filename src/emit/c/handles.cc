#include "emit/c/handles.h"

namespace narrow {

Handles::Handles(const std::map<int, Program>& programs) {
  for (const auto& [index, program] : programs)
    for (const ProgramStep& s : program.steps) {
      const ControlFlow& control = s.prepared.step().control;
      if (control.kind == ControlFlow::Kind::handle) known_[{index, s.outputs[0]}] = control.variable;
      hand_on(programs, index, s);
    }
  // A handle goes through as many graphs as there are at most.
  for (size_t i = 0; i < programs.size(); ++i)
    for (auto [from, to] : handed_) merge(from, to);
}

std::optional<int> Handles::of(TensorRef handle) const {
  auto const found = known_.find(handle);
  return found == known_.end() || found->second == kSeveral ? std::nullopt : std::optional(found->second);
}

void Handles::hand_on(const std::map<int, Program>& programs, int index, const ProgramStep& step) {
  const Op& op = programs.at(index).graph().ops[step.op];
  size_t const skipped = op.def ? op.def->passing.skipped : 0;
  for (int g : step.prepared.step().control.graphs()) {
    const Graph& body = programs.at(g).graph();
    for (size_t i = 0; i < body.inputs.size() && i + skipped < step.inputs.size(); ++i)
      handed_.emplace_back(TensorRef{index, step.inputs[i + skipped]}, TensorRef{g, body.inputs[i]});
  }
}

void Handles::merge(TensorRef from, TensorRef to) {
  auto const found = known_.find(from);
  if (found == known_.end()) return;
  auto const [at, is_new] = known_.emplace(to, found->second);
  if (!is_new && at->second != found->second) at->second = kSeveral;
}

}  // namespace narrow
