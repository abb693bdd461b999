// Programs in C as values: their memory plans, checked by running the kernels in the planned arena.
#include "emit/c/c_program.h"

#include <gtest/gtest.h>

#include "emit/planned_run.h"
#include "emit/random_network.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/check/validate.h"
#include "program/patches.h"
#include "simplify/constant_outputs.h"
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

/// Random inputs in both, and whether all outputs are equal after a run of each.
void expect_same(Runner& runner, const CProgram& program, Random& r) {
  PlannedRun planned(program);
  const Graph& graph = runner.program().graph();
  auto const bytes_of = [&](int t) {
    return static_cast<size_t>(storage_bytes(graph.tensor(t).dtype, graph.tensor(t).elements()).value_or(0));
  };
  for (size_t in = 0; in < graph.inputs.size(); ++in) {
    for (size_t b = 0; b < bytes_of(graph.inputs[in]); ++b)
      runner.input(in)[b] = static_cast<std::byte>(r.between(0, 255));
    std::memcpy(planned.at(graph.inputs[in]), runner.input(in), bytes_of(graph.inputs[in]));
  }
  ASSERT_TRUE(runner.run(1));
  planned.run(r);
  for (size_t out = 0; out < graph.outputs.size(); ++out)
    ASSERT_EQ(std::memcmp(planned.at(graph.outputs[out]), runner.output(out), bytes_of(graph.outputs[out])), 0)
        << "output " << out;
}

/// Outputs of each kind: computed, a constant twice, and an input as it is.
TEST(CProgram, OutputsThatNoOpComputesAreInTheArena) {
  Random r;
  SCOPED_TRACE(r.text());
  GraphBuilder b;
  Quantization const scale = Quantization::of(0.5F, 3);
  int const x = b.input({.dtype = DType::int8, .shape = Shape::of({1, 4}), .name = "x", .quantization = scale});
  int const k = b.constant({.dtype = DType::int8, .shape = Shape::of({3}), .name = "k", .quantization = scale},
                           std::vector<int8_t>{-7, 0, 100});
  int const y = b.infer_op(kRelu, {}, {x}, {.dtype = DType::int8, .name = "y", .quantization = scale}).value();
  b.outputs({k, y, x, k});
  Model model = b.finish().value();
  ASSERT_TRUE(compute_constant_outputs(model, 0));
  EXPECT_EQ(model.graphs[0].ops.size(), 3U);
  auto const valid = validate(model);
  ASSERT_TRUE(valid) << valid.error().what;
  auto const shared = std::make_shared<const Model>(std::move(model));
  auto const program = make_c_program(shared, 0, "n");
  ASSERT_TRUE(program) << program.error().what;
  auto lowered = lower(shared, {.profile = all_profiles().front()});
  ASSERT_TRUE(lowered) << lowered.error().what;
  Runner runner(std::move(*lowered));
  expect_same(runner, *program, r);
  EXPECT_EQ(static_cast<int8_t>(runner.output(3)[2]), 100);
}

/// Two operands are joined, and what they make is taken apart again, all along the outermost dimension.
TEST(CProgram, PartsLieWhereTheyGo) {
  Random r;
  SCOPED_TRACE(r.text());
  Quantization const scale = Quantization::of(0.5F, 3);
  for (int i = 0; i < 50; ++i) {
    auto const rows = static_cast<int32_t>(r.between(1, 5)), columns = static_cast<int32_t>(r.between(1, 7));
    GraphBuilder b;
    TensorSpec const part{.dtype = DType::int8, .shape = Shape::of({rows, columns}), .quantization = scale};
    TensorSpec const whole{.dtype = DType::int8, .shape = Shape::of({2 * rows, columns}), .quantization = scale};
    auto const relu = [&](int of, const TensorSpec& spec) {
      int const y = b.tensor(spec);
      b.op(kRelu, {}, {of}, {y});
      return y;
    };
    TensorSpec input = part;
    input.name = "x";
    int const x = b.input(input), joined = b.tensor(whole);
    int const first = relu(x, part), second = relu(first, part);
    b.op(kConcatenation, ConcatenationAttributes{.axis = 0}, {first, second}, {joined});
    int const changed = relu(joined, whole), low = b.tensor(part), high = b.tensor(part);
    int const axis = b.constant({.dtype = DType::int32, .shape = Shape::of({})}, std::vector<int32_t>{0});
    b.op(kSplit, SplitAttributes{.count = 2}, {axis, changed}, {low, high});
    b.outputs({relu(low, part), relu(high, part)});
    auto const shared = std::make_shared<const Model>(b.model());
    auto const program = make_c_program(shared, 0, "n");
    ASSERT_TRUE(program) << program.error().what;
    int parts = 0;
    for (const PlannedOverlap& o : program->entry().plan.overlaps) parts += !o.needs_call;
    EXPECT_GE(parts, 4) << rows << " rows of " << columns;
    auto lowered = lower(shared, {.profile = all_profiles().front()});
    ASSERT_TRUE(lowered) << lowered.error().what;
    Runner runner(std::move(*lowered));
    ASSERT_NO_FATAL_FAILURE(expect_same(runner, *program, r));
  }
}

// The first op repeats its constant, so that it computes whole images alone.
TEST(CProgram, WholeImagesAreNotComputedAgainInPatches) {
  GraphBuilder b;
  Quantization const scale = Quantization::of(0.5F, 3);
  TensorSpec const image{.dtype = DType::int8, .shape = Shape::of({1, 4, 3, 2}), .name = "x", .quantization = scale};
  int const x = b.input(image), sum = b.tensor(image), difference = b.tensor(image);
  int const one =
      b.constant({.dtype = DType::int8, .shape = Shape::of({1}), .quantization = scale}, std::vector<int8_t>{5});
  b.op(kAdd, AddAttributes{}, {x, one}, {sum});
  b.op(kSub, SubAttributes{}, {sum, sum}, {difference});
  b.outputs({difference});
  auto const program = lower(std::make_shared<const Model>(b.model()), {.profile = all_profiles().front()});
  ASSERT_TRUE(program) << program.error().what;
  EXPECT_FALSE(in_patches(*program, {.steps = 2, .rows = 1, .recompute = true}));
}

TEST(CProgram, GivesInItsArenaWhatTheSimulatorGives) {
  Random r;
  SCOPED_TRACE(r.text());
  int networks = 0, overlaps = 0, backwards = 0, below = 0, patched = 0, smaller = 0;
  for (int i = 0; i < 400; ++i) {
    const char* const scheme = kIntegerSchemes[i % 5];
    auto const model = random_network(r, scheme, i % 3 == 1);
    if (!model) continue;
    SCOPED_TRACE("network " + std::to_string(i) + ", " + scheme);
    auto folded = fold_constants(*model);
    ASSERT_TRUE(folded) << folded.error().what;
    pack_weights(*folded);
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
    expect_same(runner, *program, r);
    if (HasFatalFailure()) return;
    for (const PatchChoice& choice : patch_choices(runner.program())) {
      SCOPED_TRACE("the first " + std::to_string(choice.steps) + " steps in patches of " + std::to_string(choice.rows) +
                   " rows" + (choice.recompute ? ", recomputed" : ""));
      auto const cut = in_patches(runner.program(), choice);
      if (!cut) continue;
      std::map<int, Program> programs;
      programs.emplace(0, *cut);
      auto const patched_program = c_program_of(programs, 0, "n");
      ASSERT_TRUE(patched_program) << patched_program.error().what;
      expect_same(runner, *patched_program, r);
      if (HasFatalFailure()) return;
      ++patched;
      smaller += patched_program->arena_bytes < program->arena_bytes;
    }
  }
  EXPECT_GT(networks, 300);
  EXPECT_GT(overlaps, 300);
  EXPECT_GT(backwards, 20);
  EXPECT_GT(below, 50);
  EXPECT_GT(patched, 30);
  EXPECT_GT(smaller, 0);
}

}  // namespace
}  // namespace narrow
