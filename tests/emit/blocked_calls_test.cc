// Kernels for processors without the DSP extension: the bytes of the portable kernels, on random layers.
#include "emit/c/blocked_calls.h"

#include <gtest/gtest.h>

#include "emit/random_layers.h"
#include "rows/blocked.h"

namespace narrow {
namespace {

/// The same bytes for random layers of a kind.
template <class MakeLayer>
void expect_same_bytes(MakeLayer make) {
  Random r;
  SCOPED_TRACE(r.text());
  Taken taken;
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = make(r);
    OtherCall const other = blocked_call(l.call, {l.weights, l.bias});
    if (!taken(other)) continue;
    ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
  }
}

/// A convolution of each pixel alone.
Layer random_pointwise(Random& r) {
  Layer l = random_conv2d(r);
  auto& p = *reinterpret_cast<nw_conv2d_params*>(l.call.params.data());
  nw_window& w = p.window;
  w.filter_h = w.filter_w = w.stride_h = w.stride_w = 1;
  w.pad_top = w.pad_left = 0;
  w.batches = static_cast<nw_i32>(r.between(1, 2));
  w.output_h = w.input_h;
  w.output_w = w.input_w;
  l.weights.resize(static_cast<size_t>(w.input_c) * static_cast<size_t>(w.output_c));
  l.inputs = int64_t{w.batches} * w.input_h * w.input_w * w.input_c;
  l.outputs = int64_t{w.batches} * w.input_h * w.input_w * w.output_c;
  return l;
}

TEST(BlockedCalls, Conv2dGivesTheSameBytes) {
  expect_same_bytes(random_conv2d);
}

TEST(BlockedCalls, PointwiseGivesTheSameBytes) {
  expect_same_bytes(random_pointwise);
  Random r;
  Layer const l = random_pointwise(r);
  EXPECT_EQ(blocked_call(l.call, {l.weights, l.bias}).call->kernel, &kBlockedDenseI8);
}

TEST(BlockedCalls, Depthwise3x3GivesTheSameBytes) {
  expect_same_bytes([](Random& r) { return random_depthwise(r); });
}

TEST(BlockedCalls, DepthwiseOfAnySizeGivesTheSameBytes) {
  expect_same_bytes([](Random& r) { return random_depthwise(r, true); });
}

TEST(BlockedCalls, FullyConnectedGivesTheSameBytes) {
  expect_same_bytes(random_dense);
}

TEST(BlockedCalls, AddGivesTheSameBytes) {
  expect_same_bytes(random_add);
}

TEST(BlockedCalls, DepthwiseMayBeginAtItsInput) {
  Random r;
  Layer const l = random_depthwise(r);
  OtherCall const other = blocked_call(l.call, {l.weights, l.bias});
  ASSERT_TRUE(other.call) << other.declined;
  EXPECT_EQ(may_begin_at_input(l, *other.call), l.outputs <= l.inputs);
}

/// Why a layer like `l` is declined, after a change of its parameters.
template <class Params>
std::string declined_after(Layer l, void (*change)(Params&)) {
  change(*reinterpret_cast<Params*>(l.call.params.data()));
  return blocked_call(l.call, {l.weights, l.bias}).declined;
}

TEST(BlockedCalls, SayWhatTheyDecline) {
  Random r;
  Layer conv = random_conv2d(r), depthwise = random_depthwise(r), dense = random_dense(r);
  using Conv = nw_conv2d_params;
  EXPECT_EQ(declined_after<Conv>(conv, [](Conv& p) { p.filter_c = p.window.input_c + 1; }), "it has groups");
  EXPECT_EQ(declined_after<Conv>(conv, [](Conv& p) { p.window.dilation_w = 2; }), "it has dilations or batches");
  using Depthwise = nw_depthwise_conv2d_params;
  EXPECT_EQ(declined_after<Depthwise>(depthwise, [](Depthwise& p) { p.window.output_c *= 2; }),
            "its input channels have several output channels each");
  EXPECT_EQ(declined_after<Depthwise>(depthwise, [](Depthwise& p) { p.window.dilation_h = 2; }),
            "it has dilations or batches");
  using Dense = nw_fully_connected_params;
  EXPECT_EQ(declined_after<Dense>(dense, [](Dense& p) { p.filter_zero_point = 1; }), "its weights have a zero point");
  dense.bias.assign(static_cast<size_t>(dense.call.params_as<Dense>().output_c), 1 << 30);
  EXPECT_EQ(declined_after<Dense>(dense, [](Dense&) {}), "its sums may need more than 30 bits");
}

}  // namespace
}  // namespace narrow
