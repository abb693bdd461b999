// Look-ups in place of what kernels compute of each element: the same bytes on random calls.
#include "emit/c/element_calls.h"

#include <gtest/gtest.h>

#include <set>

#include "emit/random_pairs.h"
#include "rows/activations.h"
#include "rows/conversions.h"
#include "rows/element_tables.h"

extern "C" {
#include "portable/activations/hard_swish.h"
#include "portable/activations/leaky_relu.h"
#include "portable/activations/logistic.h"
#include "portable/activations/prelu.h"
#include "portable/activations/relu.h"
#include "portable/activations/softmax.h"
#include "portable/activations/tanh.h"
#include "portable/arithmetic/mul.h"
#include "portable/arithmetic/squared_difference.h"
#include "portable/conversions/quantize.h"
}

namespace narrow {
namespace {

using Names = std::set<std::string>;

nw_i32 byte_of(Random& r) {
  return static_cast<nw_i32>(r.between(-128, 127));
}
nw_i32 multiplier_of(Random& r) {
  return static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
}

/// The call, where the second operand is known.
OtherCall element_call_of(const Layer& l, bool constant) {
  std::vector<std::span<const std::byte>> constants(l.call.arguments.size());
  if (constant) constants[1] = std::as_bytes(std::span(l.weights));
  return element_call(l.call, constants);
}

/// kLayers random calls; the names of the kernels in their place.
template <class Make>
Names kernels_of(Make make, bool constant = false) {
  Random r;
  SCOPED_TRACE(r.text());
  Names out;
  int taken = 0;
  for (int i = 0; i < kLayers && !::testing::Test::HasFailure(); ++i) {
    Layer const l = make(r);
    OtherCall const other = element_call_of(l, constant);
    if (!other.call) continue;
    ++taken;
    expect_same_pair(l, *other.call, r);
    out.insert(other.call->kernel->name);
  }
  EXPECT_GT(taken, kLayers / 3);
  return out;
}

template <class Params>
Layer unary(const Kernel& kernel, Params p, Random& r) {
  p.count = static_cast<nw_i32>(r.between(1, 90));
  return {kernel_call(kernel, p, {operand(0), result()}), {}, {}, p.count, p.count};
}

Layer random_unary(Random& r) {
  nw_i32 const in = byte_of(r), out = byte_of(r), m = multiplier_of(r);
  int const shift = static_cast<int>(r.between(-6, 2));
  switch (r.between(0, 5)) {
    case 0:
      return unary(kReluI8, nw_relu_params{0, in, out, m, shift, out, 127}, r);
    case 1:
      return unary(kLeakyReluI8, nw_leaky_relu_params{0, in, out, m, shift, -multiplier_of(r), shift - 2}, r);
    case 2:
      return unary(kHardSwishI8,
                   nw_hard_swish_params{0, in, out, static_cast<nw_i32>(r.between(1 << 14, INT16_MAX)),
                                        -static_cast<int>(r.between(0, 8)),
                                        static_cast<nw_i32>(r.between(1 << 14, INT16_MAX)), shift},
                   r);
    case 3:
      return unary(kLogisticFixedI8, nw_squash_params{0, in, 100, m, 20}, r);
    case 4:
      return unary(kTanhFixedI8, nw_squash_params{0, in, 100, m, 20}, r);
    default:
      return unary(
          *std::ranges::find_if(quantize_kernels(),
                                [](const Kernel& k) { return std::string_view(k.name) == "nw_quantize_i8_i8"; }),
          nw_quantize_params{0, in, out, m, shift, 0}, r);
  }
}

Layer random_sum(Random& r) {
  nw_add_params p = random_add(r).call.params_as<nw_add_params>();
  p.shape = random_meeting(r);
  p.sign = r.chance(0.5) ? 1 : -1;
  return pair_layer(kAddI8, p, r);
}

Layer random_squared_difference(Random& r) {
  nw_add_params const of = random_add(r).call.params_as<nw_add_params>();
  nw_squared_difference_params p{};
  p.shape = random_meeting(r);
  p.a = of.a;
  p.b = of.b;
  p.left_shift = 7;
  p.multiplier = multiplier_of(r);
  p.shift = -static_cast<int>(r.chance(0.8) ? r.between(18, 22) : r.between(0, 22));
  p.out_zero_point = byte_of(r);
  return pair_layer(kSquaredDifferenceI8, p, r);
}

Layer random_prelu(Random& r) {
  nw_prelu_params p{};
  p.shape = random_meeting(r);
  for (int d = NW_BROADCAST_RANK - 1, n = 1; d >= 0; --d) {
    p.shape.a_stride[d] = n;
    n *= p.shape.extent[d];
  }
  p.input_zero_point = byte_of(r);
  p.alpha_zero_point = byte_of(r);
  p.output_zero_point = byte_of(r);
  p.multiplier = multiplier_of(r);
  p.shift = static_cast<int>(r.between(-6, 2));
  p.alpha_multiplier = multiplier_of(r);
  p.alpha_shift = -static_cast<int>(r.between(0, 12));
  return pair_layer(kPreluI8, p, r);
}

Layer random_product(Random& r) {
  nw_mul_params p{};
  p.shape = random_meeting(r);
  p.a_zero_point = byte_of(r);
  p.b_zero_point = byte_of(r);
  p.multiplier = multiplier_of(r);
  p.shift = -static_cast<int>(r.between(-3, 9));
  p.out_min = -128;
  p.out_max = static_cast<nw_i32>(r.between(0, 127));
  return pair_layer(kMulI8, p, r);
}

/// With the second operand a single element.
template <Layer (*kMake)(Random&), class Params>
Layer by_one(Random& r) {
  Layer out = kMake(r);
  auto& shape = reinterpret_cast<Params*>(out.call.params.data())->shape;
  for (int d = NW_BROADCAST_RANK - 1, n = 1; d >= 0; --d) {
    shape.a_stride[d] = n;
    shape.b_stride[d] = 0;
    n *= shape.extent[d];
  }
  out.inputs = out.outputs;
  out.weights.resize(1);
  return out;
}

Layer random_softmax(Random& r) {
  nw_softmax_params p{};
  p.rows = static_cast<nw_i32>(r.between(1, 4));
  p.depth = static_cast<nw_i32>(r.chance(0.05) ? r.between(500, 1500) : r.between(1, 40));
  p.multiplier = multiplier_of(r);
  p.shift = static_cast<int>(r.between(15, 26));
  p.diff_min = -static_cast<nw_i32>((int64_t{31} << 26) >> p.shift);
  int64_t const n = int64_t{p.rows} * p.depth;
  return {kernel_call(kSoftmaxI8, p, {operand(0), result()}), {}, {}, n, n};
}

TEST(ElementCalls, UnaryOnesGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(random_unary), Names{"nw_table_i8"});
}

TEST(ElementCalls, SumsGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(random_sum), Names{"nw_add_tables_i8"});
  EXPECT_EQ(kernels_of(random_squared_difference), Names{"nw_squared_difference_tables_i8"});
}

TEST(ElementCalls, PreluGivesTheSameBytes) {
  EXPECT_EQ(kernels_of(random_prelu), Names{"nw_prelu_table_i8"});
}

TEST(ElementCalls, ConstantsOfOneElementGiveTheSameBytes) {
  EXPECT_EQ(kernels_of(by_one<random_sum, nw_add_params>, true), Names{"nw_table_i8"});
  EXPECT_EQ(kernels_of(by_one<random_product, nw_mul_params>, true), Names{"nw_table_i8"});
  EXPECT_EQ(kernels_of(by_one<random_squared_difference, nw_squared_difference_params>, true), Names{"nw_table_i8"});
}

TEST(ElementCalls, SoftmaxGivesTheSameBytes) {
  EXPECT_EQ(kernels_of(random_softmax), Names{"nw_softmax_table_i8"});
}

// QUANTIZE between types of 8 bits, and from them to 16.
TEST(ElementCalls, ConversionsBecomeTables) {
  Random r;
  Names found;
  for (const Kernel& k : quantize_kernels()) {
    if (!k.by_element || k.host_only()) continue;
    SCOPED_TRACE(k.name);
    nw_quantize_params const p{256, byte_of(r), byte_of(r), multiplier_of(r), -1, 0};
    KernelCall const call = kernel_call(k, p, {operand(0), result()});
    OtherCall const other = element_call(call, std::vector<std::span<const std::byte>>(2));
    ASSERT_TRUE(other.call);
    found.insert(other.call->kernel->name);
    std::vector<uint8_t> in = r.values<uint8_t>(256);
    std::vector<int16_t> wanted(256), out(256);
    void* pointers[] = {in.data(), wanted.data()};
    k.run({&p, pointers, nullptr, nullptr, 1});
    std::vector<std::byte> table = other.call->arrays[0].bytes;
    void* looked[] = {table.data(), in.data(), out.data()};
    other.call->kernel->run({other.call->params.data(), looked, nullptr, nullptr, 1});
    EXPECT_EQ(out, wanted);
  }
  EXPECT_EQ(found, (Names{"nw_table_i8", "nw_table_u8", "nw_table_i8_u8", "nw_table_u8_i8", "nw_table_i8_i16",
                          "nw_table_u8_i16"}));
}

}  // namespace
}  // namespace narrow
