// Kernels that compute several elements in an instruction: the bytes of the portable kernels, on random shapes; here by
// the C that stands for their instructions.
#include "emit/c/wide_calls.h"

#include <gtest/gtest.h>

#include <set>

#include "emit/random_pairs.h"
#include "rows/activations.h"
#include "rows/wide.h"
#include "rows/windows.h"

extern "C" {
#include "portable/activations/table.h"
#include "portable/arithmetic/choose.h"
#include "portable/arithmetic/mul.h"
}

namespace narrow {
namespace {

using Names = std::set<std::string>;

/// kLayers random layers; the names of the kernels that compute them, of which there have to be enough.
template <class Make, class Call>
Names kernels_of(Make make, Call call) {
  Random r;
  SCOPED_TRACE(r.text());
  Names out;
  int taken = 0;
  for (int i = 0; i < kLayers && !::testing::Test::HasFailure(); ++i) {
    Layer const l = make(r);
    OtherCall const other = call(l.call);
    if (!other.call) {
      EXPECT_FALSE(other.declined.empty());
      continue;
    }
    ++taken;
    if (other.call->kernel->overlaps.empty())
      expect_same_pair(l, *other.call, r);
    else
      expect_same(l, *other.call, r);
    out.insert(other.call->kernel->name);
  }
  EXPECT_GT(taken, kLayers / 2);
  return out;
}

Layer random_mul(Random& r) {
  nw_mul_params p{};
  p.shape = random_meeting(r);
  p.a_zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.b_zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.multiplier = static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
  p.shift = -static_cast<int>(r.chance(0.8) ? r.between(4, 9) : r.between(0, 24));
  p.out_zero_point = static_cast<nw_i32>(r.between(-128, 127));
  p.out_min = r.chance(0.7) ? -128 : static_cast<nw_i32>(r.between(-128, 0));
  p.out_max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
  return pair_layer(kMulI8, p, r);
}

template <const Kernel& kKernel>
Layer random_extremes(Random& r) {
  nw_choose_params p{};
  p.shape = random_meeting(r);
  return pair_layer(kKernel, p, r);
}

Layer random_table(Random& r) {
  auto const count = static_cast<nw_i32>(r.between(1, 100));
  KernelCall call = kernel_call(kTableI8, nw_table_params{count}, {array(0), operand(0), result()});
  call.arrays.push_back(constant_array("table", ElementType::i8, r.values<int8_t>(256)));
  return {call, {}, {}, count, count};
}

TEST(WideCalls, PoolsGiveTheSameBytes) {
  auto const average = [](Random& r) { return random_pool(kAveragePoolI8, r); };
  auto const max = [](Random& r) { return random_pool(kMaxPoolI8, r); };
  EXPECT_EQ(kernels_of(average, dsp_wide_call), Names{"nw_dsp_average_pool_i8"});
  EXPECT_EQ(kernels_of(max, dsp_wide_call), Names{"nw_dsp_max_pool_i8"});
  EXPECT_EQ(kernels_of(max, helium_wide_call), Names{"nw_helium_max_pool_i8"});
}

TEST(WideCalls, ProductsGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(random_mul, dsp_wide_call), Names{"nw_dsp_mul_i8"});
  EXPECT_EQ(kernels_of(random_mul, helium_wide_call), Names{"nw_helium_mul_i8"});
}

TEST(WideCalls, ExtremesGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(random_extremes<kMaximumI8>, dsp_wide_call), Names{"nw_dsp_maximum_i8"});
  EXPECT_EQ(kernels_of(random_extremes<kMinimumI8>, dsp_wide_call), Names{"nw_dsp_minimum_i8"});
  EXPECT_EQ(kernels_of(random_extremes<kMaximumI8>, helium_wide_call), Names{"nw_helium_maximum_i8"});
  EXPECT_EQ(kernels_of(random_extremes<kMinimumI8>, helium_wide_call), Names{"nw_helium_minimum_i8"});
}

TEST(WideCalls, TablesGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(random_table, helium_wide_call), Names{"nw_helium_table_i8"});
}

TEST(WideCalls, LeaveOthersAlone) {
  Random r;
  Layer const l = random_extremes<kMaximumI16>(r);
  EXPECT_FALSE(dsp_wide_call(l.call).call);
  EXPECT_TRUE(helium_wide_call(l.call).declined.empty());
  EXPECT_FALSE(dsp_wide_call(random_table(r).call).call);
}

}  // namespace
}  // namespace narrow
