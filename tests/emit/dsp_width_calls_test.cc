// Kernels for processors with the DSP extension of widths other than 8 bits: the bytes of the portable kernels, on
// random layers; here by the C that stands for their instructions, and on emulated chips by tests/chip_kernels_test.py.
#include <map>
#include <string>

#include "emit/random_width_layers.h"
#include "rows/dsp_widths.h"

namespace narrow {
namespace {

/// `make` layers until they have been taken `layers` times; the kernels that took them.
template <class Make>
std::map<std::string, int> same_bytes(Make make, int layers = kLayers) {
  Random r;
  std::map<std::string, int> taken;
  int made = 0;
  for (int count = 0; count < layers && made < 2 * layers; ++made) {
    auto const l = make(r);
    OtherCall const other = dsp_width_call(l.layer.call, l.constants);
    EXPECT_NE(other.call.has_value(), !other.declined.empty());
    if (!other.call) continue;
    ++count;
    ++taken[other.call->kernel->name];
    expect_same(l.layer, *other.call, r);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << r.text();
      return taken;
    }
  }
  EXPECT_LT(made, 2 * layers) << "too many layers were declined";
  return taken;
}

TEST(DspWidthCalls, Conv2dGivesTheSameBytes) {
  same_bytes(random16_conv2d);
  same_bytes(random4_conv2d);
  same_bytes(random_w16_conv2d);
  auto taken = same_bytes(random_q7_conv2d, 2 * kLayers);
  EXPECT_GE(taken["nw_dsp_conv2d_q7"], 2000);
  EXPECT_GE(taken["nw_dsp_conv2d_q7_any"], 2000);
}

TEST(DspWidthCalls, DepthwiseGivesTheSameBytes) {
  same_bytes(random16_depthwise);
  same_bytes(random4_depthwise);
  same_bytes(random_w16_depthwise);
  same_bytes(random_q7_depthwise);
}

TEST(DspWidthCalls, FullyConnectedGivesTheSameBytes) {
  same_bytes(random16_dense);
  same_bytes(random4_dense);
  same_bytes(random_w16_dense);
  auto taken = same_bytes(random_q7_dense, 2 * kLayers);
  EXPECT_GE(taken["nw_dsp_fully_connected_q7"], 2000);
  EXPECT_GE(taken["nw_dsp_fully_connected_q7_any"], 2000);
}

TEST(DspWidthCalls, AddGivesTheSameBytes) {
  Random r;
  SCOPED_TRACE(r.text());
  auto const check = [&](const auto& layer) {
    OtherCall const other = dsp_width_add(layer.call);
    ASSERT_TRUE(other.call) << other.declined;
    ASSERT_NO_FATAL_FAILURE(expect_same(layer, *other.call, r));
  };
  for (int i = 0; i < kLayers; ++i) {
    ASSERT_NO_FATAL_FAILURE(check(random_add16(r)));
    ASSERT_NO_FATAL_FAILURE(check(random_add_q7(r)));
    ASSERT_NO_FATAL_FAILURE(check(random_add_q15(r)));
  }
}

/// Why a layer like `l` is declined, after a change of its parameters.
template <class Params, class Made>
std::string declined(Made l, void (*change)(Params&)) {
  change(*reinterpret_cast<Params*>(l.layer.call.params.data()));
  return dsp_width_call(l.layer.call, l.constants).declined;
}

TEST(DspWidthCalls, SayWhatTheyDecline) {
  Random r;
  using Conv = nw_conv2d_params;
  auto const conv = random16_conv2d(r);
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.filter_c = p.window.input_c + 1; }), "it has groups");
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.window.dilation_h = 2; }), "it has dilations or batches");
  EXPECT_EQ(declined<Conv>(conv, [](Conv& p) { p.output.zero_point = 1; }), "it has zero points");
  using Depthwise = nw_depthwise_conv2d_params;
  auto const depthwise = random4_depthwise(r);
  EXPECT_EQ(declined<Depthwise>(depthwise, [](Depthwise& p) { p.window.filter_h = 5; }), "its filters are not 3x3");
  EXPECT_EQ(declined<Depthwise>(depthwise, [](Depthwise& p) { p.window.stride_h = p.window.stride_w = 3; }),
            "its strides are neither 1 nor 2");
  using Dense = nw_fully_connected_params;
  auto dense = random_q7_dense(r);
  EXPECT_EQ(declined<Dense>(dense, [](Dense& p) { p.filter_zero_point = 1; }), "its weights have a zero point");
  dense.layer.call.arrays[0] =
      constant_array("multiplier", ElementType::i32, std::vector<int32_t>(dense.layer.bias.size(), (1 << 30) + 1));
  EXPECT_EQ(declined<Dense>(dense, [](Dense&) {}), "its factors are no powers of two");
  auto small = random4_dense(r);
  small.constants.bias.assign(static_cast<size_t>(small.layer.call.params_as<Dense>().output_c), 1 << 26);
  EXPECT_EQ(declined<Dense>(small, [](Dense&) {}), "its sums may need more than 32 bits");
}

/// Biases that make sums as large as they may be, and one more.
TEST(DspWidthCalls, LargestSums) {
  Random r;
  for (int i = 0; i < 200; ++i) {
    auto l = random16_dense(r);
    int64_t const outputs = l.layer.call.params_as<nw_fully_connected_params>().output_c;
    size_t const each = l.constants.weights.size() / static_cast<size_t>(outputs);
    l.constants.bias.clear();
    for (size_t c = 0; c < static_cast<size_t>(outputs); ++c) {
      int64_t most = 0;
      for (size_t k = 0; k < each; ++k) most += std::abs(int{l.constants.weights[c * each + k]}) * int64_t{32768};
      l.constants.bias.push_back((r.chance(0.5) ? 1 : -1) * (INT32_MAX - most));
    }
    l.layer.bias = l.constants.bias;
    OtherCall other = dsp_width_call(l.layer.call, l.constants);
    if (!other.call) continue;
    ASSERT_NO_FATAL_FAILURE(expect_same(l.layer, *other.call, r));
    l.constants.bias[0] += l.constants.bias[0] > 0 ? 1 : -1;
    EXPECT_EQ(dsp_width_call(l.layer.call, l.constants).declined, "its sums may need more than 32 bits");
  }
}

}  // namespace
}  // namespace narrow
