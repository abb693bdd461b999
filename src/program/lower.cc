#include <algorithm>

#include "ops/validate.h"
#include "program/program.h"

namespace narrow {

Result<Program> lower(std::shared_ptr<const Model> model, const LowerContext& context) {
  Program program;
  program.model = std::move(model);
  program.max_batch = context.max_batch;
  const Graph& graph = program.graph();
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    if (!op.def) return fail(ErrorKind::unsupported, "narrow has no kernel for this op", op_label(graph, i));
    if (auto fits = check_computable(graph, op); !fits) return pass(std::move(fits), op_label(graph, i));
    auto step = op.def->lower(OpView{graph, op}, context);
    if (!step) return pass(std::move(step), op_label(graph, i));
    // Kernels may take it that their data has a sample behind each other; constants do not.
    auto known = [&](int t) { return t == kNoTensor || graph.tensor(t).constant; };
    if (std::all_of(op.inputs.begin(), op.inputs.end(), known)) step->batched = false;
    auto empty = [&](int t) { return t == kNoTensor || graph.tensor(t).elements() == 0; };
    if (!op.outputs.empty() && op.graphs.empty() && std::all_of(op.outputs.begin(), op.outputs.end(), empty))
      step->run = [](const StepArgs&) {};
    program.scratch_bytes = std::max(program.scratch_bytes, static_cast<int64_t>(step->scratch_bytes));
    program.steps.push_back({std::move(*step), i, operand_slots(op), op.outputs});
  }
  MemoryPlan plan = plan_memory(graph, false);
  if (plan.bytes > kLimits.arena_bytes / context.max_batch)
    return fail(ErrorKind::limit_exceeded,
                "the live activations take " + std::to_string(plan.bytes) + " bytes a sample", program.model->source);
  program.offsets = std::move(plan.offsets);
  program.arena_bytes = plan.bytes;
  return program;
}

}  // namespace narrow
