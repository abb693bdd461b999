// Kernels for processors with the DSP extension: the bytes of the portable kernels, on random layers; here by the C
// that stands for their instructions, and on emulated chips by tests/chip_kernels_test.py.
#include "emit/c/dsp_calls.h"

#include <gtest/gtest.h>

#include "emit/random_layers.h"

namespace narrow {
namespace {

TEST(DspCalls, Conv2dGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  Taken taken;
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = random_conv2d(r);
    for (bool wide : {false, true}) {
      OtherCall const other = dsp_call(l.call, {l.weights, l.bias}, wide);
      if (wide ? !other.call : !taken(other)) continue;
      ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
    }
  }
}

TEST(DspCalls, DepthwiseGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  Taken taken;
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = random_depthwise(r);
    OtherCall const other = dsp_call(l.call, {l.weights, l.bias}, false);
    if (!taken(other)) continue;
    ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
    ASSERT_EQ(may_begin_at_input(l, *other.call), l.outputs <= l.inputs);
  }
}

TEST(DspCalls, FullyConnectedGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  Taken taken;
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = random_dense(r);
    for (bool wide : {false, true}) {
      OtherCall const other = dsp_call(l.call, {l.weights, l.bias}, wide);
      if (wide ? !other.call : !taken(other)) continue;
      ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
    }
  }
}

TEST(DspCalls, AddGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < kLayers; ++i) {
    Layer const l = random_add(r);
    OtherCall const other = dsp_call(l.call, {}, false);
    ASSERT_TRUE(other.call) << other.declined;
    ASSERT_NO_FATAL_FAILURE(expect_same(l, *other.call, r));
    ASSERT_TRUE(may_begin_at_input(l, *other.call));
  }
}

/// Why a layer like `l` is declined, after a change of its parameters.
template <class Params>
std::string declined(Layer l, void (*change)(Params&)) {
  change(*reinterpret_cast<Params*>(l.call.params.data()));
  return dsp_call(l.call, {l.weights, l.bias}, false).declined;
}

TEST(DspCalls, SayWhatTheyDecline) {
  Random r;
  Layer conv = random_conv2d(r), depthwise = random_depthwise(r), dense = random_dense(r);
  using Conv = nw_conv2d_params;
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.filter_c = p.window.input_c + 1; }), "it has groups");
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.window.dilation_w = 2; }), "it has dilations or batches");
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.window.batches = 2; }), "it has dilations or batches");
  using Depthwise = nw_depthwise_conv2d_params;
  EXPECT_EQ(declined<Depthwise>(depthwise, [](Depthwise& p) { p.window.filter_h = 5; }), "its filters are not 3x3");
  EXPECT_EQ(declined<Depthwise>(depthwise, [](Depthwise& p) { p.window.stride_h = p.window.stride_w = 3; }),
            "its strides are neither 1 nor 2");
  using Dense = nw_fully_connected_params;
  EXPECT_EQ(declined<Dense>(dense, [](Dense& p) { p.filter_zero_point = 1; }), "its weights have a zero point");
  dense.bias.assign(static_cast<size_t>(dense.call.params_as<Dense>().output_c), 1 << 30);
  EXPECT_EQ(declined<Dense>(dense, [](Dense&) {}), "its sums may need more than 30 bits");
}

}  // namespace
}  // namespace narrow
