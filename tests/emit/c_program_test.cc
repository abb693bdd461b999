// Programs in C as values: their memory plans, checked by running the kernels in the planned arena.
#include "emit/c/c_program.h"

#include <gtest/gtest.h>

#include "emit/planned_run.h"
#include "emit/random_network.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

/// The bytes that distinct places for all live values take, the least that a plan without overlaps could need.
int64_t apart(const CProgram& program) {
  const Graph& graph = program.graph();
  Liveness const liveness(graph);
  int64_t most = 0;
  for (int op = 0; op < static_cast<int>(graph.ops.size()); ++op) {
    int64_t sum = 0;
    for (size_t t = 0; t < graph.tensors.size(); ++t) {
      Lifetime const life = liveness.of(static_cast<int>(t));
      if (program.entry().plan.offsets[t] < 0 || life.first > op || life.last < op) continue;
      sum += storage_bytes(graph.tensors[t].dtype, graph.tensors[t].elements()).value_or(0);
    }
    most = std::max(most, sum);
  }
  return most;
}

TEST(CProgram, GivesInItsArenaWhatTheSimulatorGives) {
  Random r;
  SCOPED_TRACE(r.text());
  int networks = 0, overlaps = 0, backwards = 0, below = 0;
  for (int i = 0; i < 400; ++i) {
    const char* const scheme = kIntegerSchemes[i % 5];
    auto const model = random_network(r, scheme);
    if (!model) continue;
    SCOPED_TRACE("network " + std::to_string(i) + ", " + scheme);
    auto folded = fold_constants(*model);
    ASSERT_TRUE(folded) << folded.error().what;
    auto const shared = std::make_shared<const Model>(std::move(*folded));
    auto const program = make_c_program(shared, 0, "n");
    if (!program && program.error().kind == ErrorKind::unsupported) continue;
    ASSERT_TRUE(program) << program.error().what;
    ++networks;
    overlaps += static_cast<int>(program->entry().plan.overlaps.size());
    for (const PlannedOverlap& o : program->entry().plan.overlaps) backwards += o.from_end;
    below += program->arena_bytes < apart(*program);

    auto lowered = lower(shared, {.profile = all_profiles().front()});
    ASSERT_TRUE(lowered) << lowered.error().what;
    Runner runner(std::move(*lowered));
    PlannedRun planned(*program);
    const Graph& graph = shared->main();
    for (size_t in = 0; in < graph.inputs.size(); ++in) {
      const Tensor& t = graph.tensor(graph.inputs[in]);
      auto const bytes = static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
      for (size_t b = 0; b < bytes; ++b) runner.input(in)[b] = static_cast<std::byte>(r.between(0, 255));
      std::memcpy(planned.at(graph.inputs[in]), runner.input(in), bytes);
    }
    ASSERT_TRUE(runner.run(1));
    planned.run(r);
    for (size_t out = 0; out < graph.outputs.size(); ++out) {
      const Tensor& t = graph.tensor(graph.outputs[out]);
      auto const bytes = static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
      ASSERT_EQ(std::memcmp(planned.at(graph.outputs[out]), runner.output(out), bytes), 0) << "output " << out;
    }
  }
  EXPECT_GT(networks, 300);
  EXPECT_GT(overlaps, 300);
  EXPECT_GT(backwards, 20);
  EXPECT_GT(below, 50);
}

}  // namespace
}  // namespace narrow
