// Where tensors lie in the arena: apart while both are needed, and in the lowest place that is free.
#include <gtest/gtest.h>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "program/program.h"

namespace narrow {
namespace {

/// y = c + a, where x -> a -> b -> c; tensors of that many floats.
Graph residual(int32_t elements) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({elements})});
  int const a = *b.infer_op(kRelu, {}, {x});
  int const c = *b.infer_op(kRelu, {}, {*b.infer_op(kRelu, {}, {a})});
  b.outputs({*b.infer_op(kAdd, AddAttributes{}, {c, a})});
  return b.graph();
}

TEST(PlanMemory, PlacesAreTakenAgainAsSoonAsTheyAreFree) {
  MemoryPlan const plan = plan_memory(residual(16), false);  // tensors x, a, b, c, y of 64 bytes
  EXPECT_EQ(plan.offsets, (std::vector<int64_t>{0, 64, 0, 128, 0}));
  EXPECT_EQ(plan.bytes, 192);
}

TEST(PlanMemory, PlacesAreAligned) {
  EXPECT_EQ(plan_memory(residual(1), false).bytes, 3 * 64);
  EXPECT_EQ(plan_memory(residual(17), false).bytes, 3 * 128);
}

TEST(PlanMemory, AllTensorsStayWhereThatIsAskedFor) {
  MemoryPlan const plan = plan_memory(residual(16), true);
  EXPECT_EQ(plan.bytes, 5 * 64);
  std::vector<int64_t> sorted = plan.offsets;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, (std::vector<int64_t>{0, 64, 128, 192, 256}));
}

TEST(PlanMemory, TheLargestComeFirst) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({1})});
  int const y = b.tensor({.shape = Shape::of({64})});
  b.op(kRelu, {}, {x}, {y});  // shapes are not looked at
  b.outputs({y});
  MemoryPlan const plan = plan_memory(b.graph(), false);
  EXPECT_EQ(plan.offsets, (std::vector<int64_t>{256, 0}));
  EXPECT_EQ(plan.bytes, 320);
}

}  // namespace
}  // namespace narrow
