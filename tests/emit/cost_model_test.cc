// The modelled instructions and cycles of kernels.
#include "emit/c/cost_model.h"

#include <gtest/gtest.h>

#include <string>

namespace narrow {
namespace {

const CoreCost& core(const std::string& name) {
  for (const CoreCost& c : core_costs())
    if (c.name == name) return c;
  throw std::out_of_range(name);
}

// A convolution of 3x3x16 with 100 results, and its like.
constexpr KernelCost kConv{.macs = 14400, .elements = 100};
constexpr KernelCost kDepthwise{.macs = 900, .elements = 100, .scattered = true};
constexpr KernelCost kPool{.elements = 400};

KernelCost dual(KernelCost c) {
  c.dual = true;
  return c;
}
KernelCost wide(KernelCost c) {
  c.dual = c.wide = true;
  return c;
}
KernelCost vectors(KernelCost c) {
  c.vectors = true;
  return c;
}

TEST(CostModel, CyclesAreWhatManualsSay) {
  ByClass const m4 = core("cortex-m4").cycles, m3 = core("cortex-m3").cycles, m0plus = core("cortex-m0plus").cycles;
  EXPECT_EQ(m4.multiply, 1);  // SMLAD
  EXPECT_EQ(m4.load, 2);
  EXPECT_EQ(m4.next_load, 1);
  EXPECT_EQ(m4.jump, 3);
  EXPECT_EQ(m3.multiply, 2);  // MLA
  EXPECT_EQ(m0plus.load, 2);
  EXPECT_EQ(m0plus.jump, 2);
  EXPECT_EQ(core("cortex-m0").cycles.jump, 3);
}

// 14,400 products in 0.82 instructions, of which 14 % are arithmetic, 65 % products, 19 % first and 27 % further loads,
// 3 % jumps; 100 results in 10.
TEST(CostModel, CountsByHand) {
  double const product = 0.14 + 0.65 + 2 * 0.19 + 0.27 + 3 * 0.03;
  double const result = 0.57 + 0.05 + 2 * 0.08 + 0.19 + 0.17 + 3 * 0.04;
  EXPECT_EQ(modelled_instructions(dual(kConv), core("cortex-m4")), 14400 * 82 / 100 + 1000);
  EXPECT_NEAR(static_cast<double>(modelled_cycles(dual(kConv), core("cortex-m4"))), 11808 * product + 1000 * result, 1);
}

TEST(CostModel, KernelsWithMoreProductsAnInstructionTakeLess) {
  for (const KernelCost& cost : {kConv, kDepthwise}) {
    for (const char* name : {"cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"})
      EXPECT_LT(modelled_cycles(dual(cost), core(name)), modelled_cycles(cost, core(name))) << name;
    EXPECT_LT(modelled_cycles(vectors(cost), core("cortex-m55")), modelled_cycles(dual(cost), core("cortex-m55")));
  }
  EXPECT_LT(modelled_cycles(wide(kConv), core("cortex-m4")), modelled_cycles(dual(kConv), core("cortex-m4")));
}

TEST(CostModel, BetterCoresTakeFewerCycles) {
  for (const KernelCost& cost : {kConv, kDepthwise, kPool}) {
    int64_t before = INT64_MAX;
    for (const char* name : {"cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m33", "cortex-m7"}) {
      int64_t const cycles = modelled_cycles(cost, core(name));
      EXPECT_LT(cycles, before) << name;
      before = cycles;
    }
  }
}

TEST(CostModel, MoreWorkTakesMore) {
  for (const CoreCost& c : core_costs())
    for (const KernelCost& cost : {kConv, dual(kConv), wide(kConv), vectors(kConv), kDepthwise, kPool}) {
      KernelCost more = cost;
      more.macs *= 2;
      more.elements *= 2;
      EXPECT_NEAR(static_cast<double>(modelled_cycles(more, c)), 2.0 * static_cast<double>(modelled_cycles(cost, c)), 2)
          << c.name;
      EXPECT_GT(modelled_cycles(cost, c), 0) << c.name;
    }
}

TEST(CostModel, KnowsWhichCoresHaveTheInstructions) {
  EXPECT_TRUE(runs_on(kConv, core("cortex-m0")));
  EXPECT_FALSE(runs_on(dual(kConv), core("cortex-m3")));
  EXPECT_TRUE(runs_on(dual(kConv), core("cortex-m33")));
  EXPECT_FALSE(runs_on(vectors(kConv), core("cortex-m33")));
  EXPECT_TRUE(runs_on(vectors(kConv), core("cortex-m55")));
}

/// Instructions of a mix, each access to memory counted: more than 100 where instructions load several words.
double sum(const ByClass& c) {
  return c.alu + c.multiply + c.long_multiply + c.load + c.next_load + c.store + c.jump + c.vector + c.vector_load;
}

TEST(CostModel, MixesAreOf100Instructions) {
  for (const LoopMix* mix :
       {&kLoopMixes.plain, &kLoopMixes.small, &kLoopMixes.dual, &kLoopMixes.wide, &kLoopMixes.vectors})
    for (const ByClass* part : {&mix->product, &mix->scattered, &mix->result, &mix->element}) {
      EXPECT_GE(sum(*part), 99);
      EXPECT_LE(sum(*part), 137);
    }
}

}  // namespace
}  // namespace narrow
