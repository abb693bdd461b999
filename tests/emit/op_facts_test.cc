// What headers state of an op is what its kernels are called with.
#include "emit/header/op_facts.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"
#include "portable/layers/conv2d.h"
#include "portable/layers/fully_connected.h"
#include "portable/layers/transpose_conv.h"

extern "C" {
#include "portable/activations/softmax.h"
#include "portable/arithmetic/add.h"
#include "portable/reductions/reduce.h"
#include "portable/windows/pool.h"
}

namespace narrow {
namespace {

const Quantization kIn = Quantization::of(0.5f, 3), kOut = Quantization::of(0.75f, -4),
                   kWeights = Quantization::of(0.01f, 0);

/// The facts of an op with a result, and the call that it lowers to.
struct Stated {
  explicit Stated(const OneOp& op) {
    const Graph& graph = op.model().graphs[0];
    OpView const view{graph, graph.ops[0]};
    facts = op_facts(view);
    auto step = view.op.def->lower(view, {.profile = profile("narrow")});
    EXPECT_TRUE(step.has_value()) << step.error().what;
    if (step && !step->calls.empty()) call = step->calls[0];
    for (const FactNumber& n : facts.numbers) EXPECT_TRUE(numbers.emplace(n.key, n.value).second) << n.key << " twice";
  }

  /// A number as it is printed.
  std::string text(const std::string& key) const {
    auto const found = numbers.find(key);
    return found == numbers.end() ? "absent" : found->second;
  }
  int64_t number(const std::string& key) const {
    auto const found = numbers.find(key);
    if (found != numbers.end()) return std::stoll(found->second);
    ADD_FAILURE() << key << " is absent";
    return 0;
  }
  template <class T>
  std::vector<T> list(const std::string& key) const {
    std::vector<T> out;
    for (const FactList& l : facts.lists)
      if (l.key == key) {
        EXPECT_EQ(l.dtype, dtype_of<T>());
        out.resize(l.values.size() / sizeof(T));
        std::memcpy(out.data(), l.values.data(), l.values.size());
      }
    return out;
  }
  bool notes(const std::string& words) const {
    return std::any_of(facts.notes.begin(), facts.notes.end(),
                       [&](const std::string& n) { return n.find(words) != std::string::npos; });
  }

  OpFacts facts;
  KernelCall call;
  std::map<std::string, std::string> numbers;
};

OneOp& with_weights(OneOp& op, const Shape& shape) {
  return op.constant<int8_t>(shape, std::vector<int8_t>(static_cast<size_t>(shape.elements()), 1), kWeights);
}

TEST(OpFacts, OfAConvolution) {
  OneOp op(kConv2d, Conv2dAttributes{.stride_h = 2, .dilation_w = 2, .activation = Activation::relu6});
  op.input<int8_t>(Shape::of({2, 9, 8, 6}), kIn);
  with_weights(op, Shape::of({4, 3, 2, 3})).result<int8_t>(kOut);
  Stated const s(op);
  auto const& p = s.call.params_as<nw_conv2d_params>();
  const nw_window& w = p.window;
  EXPECT_EQ(s.number("BATCHES"), w.batches);
  EXPECT_EQ(s.number("IN_H"), w.input_h);
  EXPECT_EQ(s.number("IN_W"), w.input_w);
  EXPECT_EQ(s.number("IN_C"), w.input_c);
  EXPECT_EQ(s.number("FILTER_H"), w.filter_h);
  EXPECT_EQ(s.number("FILTER_W"), w.filter_w);
  EXPECT_EQ(s.number("FILTER_C"), p.filter_c);
  EXPECT_EQ(s.number("STRIDE_H"), w.stride_h);
  EXPECT_EQ(s.number("STRIDE_W"), w.stride_w);
  EXPECT_EQ(s.number("DILATION_H"), w.dilation_h);
  EXPECT_EQ(s.number("DILATION_W"), w.dilation_w);
  EXPECT_EQ(s.number("PAD_TOP"), w.pad_top);
  EXPECT_EQ(s.number("PAD_LEFT"), w.pad_left);
  EXPECT_EQ(s.number("PAD_BOTTOM"), 4 * 2 + 3 - 9 - w.pad_top);
  EXPECT_EQ(s.number("PAD_RIGHT"), 7 + 3 - 8 - w.pad_left);
  EXPECT_EQ(s.number("OUT_H"), w.output_h);
  EXPECT_EQ(s.number("OUT_W"), w.output_w);
  EXPECT_EQ(s.number("OUT_C"), w.output_c);
  EXPECT_EQ(s.number("GROUPS"), 2);
  EXPECT_EQ(s.number("IN_OFFSET"), -p.input_zero_point);
  EXPECT_EQ(s.number("IN_ZERO_POINT"), p.input_zero_point);
  EXPECT_EQ(s.number("OUT_ZERO_POINT"), p.output.zero_point);
  EXPECT_EQ(s.number("OUT_MIN"), p.output.min);
  EXPECT_EQ(s.number("OUT_MAX"), p.output.max);
  EXPECT_EQ(s.number("ACC_BITS"), 32);
  EXPECT_EQ(s.list<int32_t>("MULTIPLIERS"), s.call.pointed_values<int32_t>("output.multiplier"));
  auto const shifts = s.call.pointed_values<int8_t>("output.shift");
  EXPECT_EQ(s.list<int32_t>("SHIFTS"), std::vector<int32_t>(shifts.begin(), shifts.end()));
  ASSERT_TRUE(s.facts.rounding);
  EXPECT_EQ(s.facts.rounding->name, "double_away");
  EXPECT_TRUE(s.notes("relu6"));
  EXPECT_EQ(s.facts.weights, size_t{1});
  EXPECT_FALSE(s.facts.bias);
}

TEST(OpFacts, OfATransposedConvolution) {
  OneOp op(kTransposeConv, TransposeConvAttributes{.stride_h = 2, .stride_w = 3});
  op.constant<int32_t>(Shape::of({4}), {1, 7, 12, 5});
  with_weights(op, Shape::of({5, 3, 4, 2}));
  op.input<int8_t>(Shape::of({1, 4, 4, 2}), kIn).result<int8_t>(kOut);
  Stated const s(op);
  EXPECT_EQ(s.number("PAD_TOP") + s.number("PAD_BOTTOM"), 3 * 2 + 3 - 7);
  EXPECT_EQ(s.number("PAD_LEFT") + s.number("PAD_RIGHT"), 3 * 3 + 4 - 12);
  EXPECT_TRUE(s.notes("cut off"));
}

TEST(OpFacts, OfAFullyConnectedLayerInQmn) {
  Quantization const data = Quantization::of(0.125f, 0), weights = Quantization::of(0.0078125f, 0),
                     out = Quantization::of(0.25f, 0);
  OneOp op(kFullyConnected, FullyConnectedAttributes{});
  op.input<int8_t>(Shape::of({3, 8}), data);
  op.constant<int8_t>(Shape::of({2, 8}), std::vector<int8_t>(16, 5), weights).result<int8_t>(out);
  op.says({.rounding = RoundingRule::half_even, .accumulator_bits = 32});
  Stated const s(op);
  EXPECT_EQ(s.number("ROWS"), 3);
  EXPECT_EQ(s.number("OUT_RSHIFT"), 3 + 7 - 2);
  EXPECT_EQ(s.text("BIAS_LSHIFT"), "absent");  // there is no bias
  EXPECT_TRUE(s.facts.lists.empty());
  ASSERT_TRUE(s.facts.rounding);
  EXPECT_EQ(s.facts.rounding->name, "shift, half-even");
}

TEST(OpFacts, OfASumWithAFusedActivation) {
  OneOp op(kAdd, AddAttributes{.activation = Activation::relu});
  op.input<int8_t>(Shape::of({1, 4, 5}), kIn).input<int8_t>(Shape::of({5}), kOut).result<int8_t>(kOut);
  Stated const s(op);
  auto const& p = s.call.params_as<nw_add_params>();
  EXPECT_EQ(s.text("EXTENT"), "{ 1, 1, 1, 1, 4, 5 }");
  EXPECT_EQ(s.text("B_STRIDE").substr(0, 2), "{ ");
  EXPECT_EQ(s.number("A_ZERO_POINT"), 3);
  EXPECT_EQ(s.number("A_MULTIPLIER"), p.a.multiplier);
  EXPECT_EQ(s.number("A_SHIFT"), p.a.shift);
  EXPECT_EQ(s.number("B_MULTIPLIER"), p.b.multiplier);
  EXPECT_EQ(s.number("LEFT_SHIFT"), p.left_shift);
  EXPECT_EQ(s.number("OUT_MULTIPLIER"), p.out_multiplier);
  EXPECT_EQ(s.number("OUT_SHIFT"), p.out_shift);
  EXPECT_EQ(s.number("OUT_MIN"), -4);  // the zero point: RELU
  EXPECT_EQ(s.number("OUT_MAX"), 127);
  EXPECT_TRUE(s.notes("activation relu"));
  ASSERT_EQ(s.facts.kernels.size(), 1u);
  EXPECT_STREQ(s.facts.kernels[0]->name, "nw_add_i8");
}

TEST(OpFacts, OfPoolsMeansAndSoftmax) {
  OneOp pool(kAveragePool2d, Pool2dAttributes{.stride_h = 2, .filter_h = 3, .filter_w = 2});
  pool.input<int8_t>(Shape::of({1, 6, 6, 3}), kIn).result<int8_t>(kIn);
  Stated const p(pool);
  EXPECT_EQ(p.number("FILTER_H"), 3);
  EXPECT_EQ(p.number("OUT_H"), 3);
  EXPECT_EQ(p.number("OUT_MIN"), -128);

  OneOp mean(kMean, ReduceAttributes{});
  mean.input<int8_t>(Shape::of({2, 6, 3}), kIn).constant<int32_t>(Shape::of({1}), {1}).result<int8_t>(kOut);
  Stated const m(mean);
  auto const& r = m.call.params_as<nw_reduce_params>();
  EXPECT_EQ(m.number("MULTIPLIER"), r.multiplier);
  EXPECT_EQ(m.number("SUM_OFFSET"), 6 * 3);
  EXPECT_EQ(m.number("OUT_ZERO_POINT"), -4);

  OneOp softmax(kSoftmax, SoftmaxAttributes{.beta = 1});
  softmax.input<int8_t>(Shape::of({2, 5}), kIn).result<int8_t>(Quantization::of(0.00390625f, -128));
  Stated const s(softmax);
  EXPECT_EQ(s.number("DEPTH"), 5);
  EXPECT_EQ(s.number("DIFF_MIN"), s.call.params_as<nw_softmax_params>().diff_min);
}

// Each call of several says which operand it moves, and where to.
TEST(OpFacts, OfAConcatenation) {
  OneOp op(kConcatenation, ConcatenationAttributes{.axis = 1});
  op.input<int8_t>(Shape::of({2, 3}), kIn).input<int8_t>(Shape::of({2, 4}), kIn).result<int8_t>(kIn);
  Stated const s(op);
  EXPECT_EQ(s.number("OPERAND"), 0);
  EXPECT_EQ(s.number("OPERAND_1"), 1);
  EXPECT_EQ(s.number("OUT_BYTE_1"), 3);
  EXPECT_EQ(s.number("BLOCK_BYTES_1"), 4);
  EXPECT_EQ(s.number("OUT_STRIDE_1"), 7);
}

// Real numbers have sizes and bounds, and no kernel.
TEST(OpFacts, OfFloatLayers) {
  OneOp op(kConv2d, Conv2dAttributes{.padding = Padding::valid, .activation = Activation::relu6});
  op.input<float>(Shape::of({1, 5, 5, 2}));
  op.constant<float>(Shape::of({3, 2, 2, 2}), std::vector<float>(24, 0.5f)).result<float>();
  Stated const s(op);
  EXPECT_EQ(s.number("OUT_H"), 4);
  EXPECT_EQ(s.number("GROUPS"), 1);
  EXPECT_EQ(s.text("OUT_MIN"), "0.0f");
  EXPECT_EQ(s.text("OUT_MAX"), "6.0f");
  EXPECT_EQ(s.text("IN_OFFSET"), "absent");
  EXPECT_TRUE(s.facts.kernels.empty());
}

// The reason of a refusal is a sentence, not a name.
TEST(OpFacts, SayWhyAnOpIsNotComputed) {
  OneOp op(kMaxPool2d, Pool2dAttributes{});
  op.input<int8_t>(Shape::of({1, 6, 6, 3}), kIn).result<int8_t>(kOut);
  const Graph& graph = op.model().graphs[0];
  OpFacts const facts = op_facts({graph, graph.ops[0]});
  ASSERT_EQ(facts.notes.size(), 1u);
  EXPECT_EQ(facts.notes[0],
            "narrow does not compute this op: data and result have different scales or zero points; pools do not "
            "rescale.");
}

}  // namespace
}  // namespace narrow
