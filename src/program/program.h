// Program: a model lowered to steps over one arena.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/model.h"
#include "ops/def/prepared_step.h"
#include "program/run_state.h"

namespace narrow {

/// One op's step, with the tensors it reads and writes.
struct ProgramStep {
  PreparedStep prepared;  // prepared.step() is the plain value
  size_t op = 0;          // index in the graph
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::string declined{};  // why a chip's own kernel does not compute it; empty where there is none or it does
};

/// A graph of a model, lowered: the entry, or a body that it runs. Offsets are those of one sample; a run over `batch`
/// samples multiplies them.
struct Program {
  std::shared_ptr<const Model> model;  // constants live there
  int graph_index = 0;
  std::vector<ProgramStep> steps;
  std::vector<int64_t> offsets;  // per tensor: byte offset in the arena, -1 for constants and unused tensors
  int64_t arena_bytes = 0;       // activations of one sample
  int64_t scratch_bytes = 0;     // largest scratch of any step, for `max_batch` samples
  int max_batch = 1;
  bool one_by_one = false;          // runs other graphs or has variables: a whole sample before the next one begins
  std::shared_ptr<RunState> state;  // shared with the graphs that its steps run
  std::vector<bool> missing;        // by tensor: it gets no values, see LowerContext::leaves_out; empty where all do

  const Graph& graph() const { return model->graphs[static_cast<size_t>(graph_index)]; }
};

/// One op of a validated graph, lowered and ready to run on this machine. unsupported where there is no kernel for its
/// types under the profile.
Result<PreparedStep> lower_op(const Graph& graph, const Op& op, const LowerContext& context);

/// Lowers graph `entry` of a validated model, and those that it runs, each once. Refused (unsupported) by naming the
/// first op without a kernel for its types under `profile`.
Result<Program> lower(std::shared_ptr<const Model> model, const LowerContext& context, int entry = 0);

/// Whether ops of the graph run other graphs or it has variables, so that a sample has to be finished before the next
/// begins.
bool runs_one_by_one(const Graph& graph);

/// Byte offsets for the activations of `graph` such that tensors alive at the same time do not overlap: largest
/// first, lowest fitting offset, aligned to 64. `keep_all` keeps every tensor until the end. Inputs and
/// outputs of a graph that runs one by one are kept throughout, as those of other samples wait beside them.
struct MemoryPlan {
  std::vector<int64_t> offsets;
  int64_t bytes = 0;
};
MemoryPlan plan_memory(const Graph& graph, bool keep_all);

}  // namespace narrow
