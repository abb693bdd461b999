// Kernels for processors with Helium: the bytes of the portable kernels, on random layers; here by the C that stands
// for their instructions, and on an emulated chip by tests/chip_kernels_test.py.
#include "emit/c/helium_calls.h"

#include <gtest/gtest.h>

#include <set>

#include "emit/random_layers.h"
#include "portable/windows/pool.h"
#include "rows/windows.h"

namespace narrow {
namespace {

/// kLayers random ones; the names of the kernels that compute them.
template <class Make>
std::set<std::string> kernels_of(Make make) {
  Random r;
  SCOPED_TRACE(r.text());
  Taken taken;
  std::set<std::string> out;
  for (int i = 0; i < kLayers && !::testing::Test::HasFailure(); ++i) {
    Layer const l = make(r);
    OtherCall const other = helium_call(l.call, {l.weights, l.bias});
    if (!taken(other)) continue;
    expect_same(l, *other.call, r);
    out.insert(other.call->kernel->name);
  }
  return out;
}

using Names = std::set<std::string>;

TEST(HeliumCalls, Conv2dGivesTheSameBytes) {
  EXPECT_EQ(kernels_of(random_conv2d), (Names{"nw_helium_conv2d_i8", "nw_helium_dense_i8"}));
}

TEST(HeliumCalls, PointwiseConv2dGivesTheSameBytes) {
  auto const make = [](Random& r) {
    nw_conv2d_params p{};
    nw_window& w = p.window;
    w.filter_h = w.filter_w = w.stride_h = w.stride_w = w.dilation_h = w.dilation_w = 1;
    w.batches = static_cast<nw_i32>(r.between(1, 3));
    w.input_h = w.output_h = static_cast<nw_i32>(r.between(1, 5));
    w.input_w = w.output_w = static_cast<nw_i32>(r.between(1, 5));
    p.filter_c = w.input_c = static_cast<nw_i32>(r.between(1, 50));
    w.output_c = static_cast<nw_i32>(r.between(1, 21));
    Layer out = layer(*find_kernel(conv2d_kernels(), {}), p, w.output_c, int64_t{w.input_c} * w.output_c, w.input_c, r);
    out.inputs = int64_t{w.batches} * w.input_h * w.input_w * w.input_c;
    out.outputs = int64_t{w.batches} * w.input_h * w.input_w * w.output_c;
    return out;
  };
  EXPECT_EQ(kernels_of(make), Names{"nw_helium_dense_i8"});
}

TEST(HeliumCalls, Depthwise3x3GivesTheSameBytes) {
  EXPECT_EQ(kernels_of([](Random& r) { return random_depthwise(r); }),
            (Names{"nw_helium_depthwise3x3_i8", "nw_helium_depthwise_i8"}));
}

TEST(HeliumCalls, DepthwiseOfAnySizeGivesTheSameBytes) {
  EXPECT_EQ(kernels_of([](Random& r) { return random_depthwise(r, true); }),
            (Names{"nw_helium_depthwise3x3_i8", "nw_helium_depthwise_i8"}));
}

TEST(HeliumCalls, FullyConnectedGivesTheSameBytes) {
  EXPECT_EQ(kernels_of(random_dense), Names{"nw_helium_dense_i8"});
}

TEST(HeliumCalls, AddGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  int taken = 0;
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = random_add(r);
    OtherCall const other = helium_call(l.call, {});
    if (!other.call) {
      EXPECT_EQ(other.declined, "its scales lie too far apart");
      continue;
    }
    ++taken;
    ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
    ASSERT_TRUE(may_begin_at_input(l, *other.call));
  }
  EXPECT_GT(taken, kLayers / 2);
}

TEST(HeliumCalls, AveragePoolGivesTheSameBytes) {
  EXPECT_EQ(kernels_of([](Random& r) {
              nw_pool_params p{};
              p.window = window(r, 6, 20);
              nw_window& w = p.window;
              w.pad_top = std::min(w.pad_top, w.filter_h - 1);
              w.output_c = w.input_c;
              // Each window holds an element of the image.
              w.output_h = std::min(w.output_h, (w.input_h + w.pad_top - 1) / w.stride_h + 1);
              w.output_w = std::min(w.output_w, (w.input_w + w.pad_left - 1) / w.stride_w + 1);
              p.out_min = r.chance(0.7) ? -128 : static_cast<nw_i32>(r.between(-128, 0));
              p.out_max = r.chance(0.7) ? 127 : static_cast<nw_i32>(r.between(0, 127));
              return Layer{kernel_call(kAveragePoolI8, p, {operand(0), result()}),
                           {},
                           {},
                           int64_t{w.input_h} * w.input_w * w.input_c,
                           int64_t{w.output_h} * w.output_w * w.output_c};
            }),
            Names{"nw_helium_average_pool_i8"});
}

/// Why a layer like `l` is declined, after a change of its parameters.
template <class Params>
std::string declined(Layer l, void (*change)(Params&)) {
  change(*reinterpret_cast<Params*>(l.call.params.data()));
  return helium_call(l.call, {l.weights, l.bias}).declined;
}

TEST(HeliumCalls, SayWhatTheyDecline) {
  Random r;
  Layer const conv = random_conv2d(r), depthwise = random_depthwise(r), add = random_add(r);
  Layer dense = random_dense(r);
  using Conv = nw_conv2d_params;
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.filter_c = p.window.input_c + 1; }), "it has groups");
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.window.dilation_w = p.window.filter_w = 2; }),
            "it has dilations or batches");
  using Depthwise = nw_depthwise_conv2d_params;
  EXPECT_EQ(declined<Depthwise>(depthwise, [](Depthwise& p) { ++p.window.output_c; }),
            "its input channels have several output channels each");
  using Add = nw_add_params;
  EXPECT_EQ(declined<Add>(add, [](Add& p) { p.sign = -1; }), "it is a difference");
  EXPECT_EQ(declined<Add>(add,
                          [](Add& p) {
                            p.shape.extent[NW_BROADCAST_RANK - 1] = 2;
                            p.shape.b_stride[NW_BROADCAST_RANK - 1] = 0;
                          }),
            "its operands have different shapes");
  using Dense = nw_fully_connected_params;
  EXPECT_EQ(declined<Dense>(dense, [](Dense& p) { p.filter_zero_point = 1; }), "its weights have a zero point");
  dense.bias.assign(static_cast<size_t>(dense.call.params_as<Dense>().output_c), 1 << 30);
  EXPECT_EQ(declined<Dense>(dense, [](Dense&) {}), "its sums may need more than 30 bits");
}

}  // namespace
}  // namespace narrow
