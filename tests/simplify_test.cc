#include "simplify/simplify.h"

#include <cmath>

#include "base/float16.h"
#include "graph/edit.h"
#include "one_op.h"
#include "ops/add.h"
#include "ops/add_n.h"
#include "ops/concatenation.h"
#include "ops/conv_2d.h"
#include "ops/depthwise_conv_2d.h"
#include "ops/dequantize.h"
#include "ops/fully_connected.h"
#include "ops/mul.h"
#include "ops/pack.h"
#include "ops/pad.h"
#include "ops/pool_2d.h"
#include "ops/relu.h"
#include "ops/relu6.h"
#include "ops/reshape.h"
#include "ops/shape.h"
#include "ops/space_to_batch_nd.h"
#include "ops/strided_slice.h"
#include "ops/sub.h"
#include "ops/transpose.h"
#include "ops/validate.h"
#include "read/read.h"
#include "shared_models.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

/// A model that is put together op by op.
class Draft {
 public:
  Draft() { model_.graphs.resize(1); }

  const Model& model() const { return model_; }
  Graph& graph() { return model_.main(); }
  const Shape& shape(int t) { return graph().tensor(t).shape; }

  int input(const Shape& shape) {
    graph().inputs.push_back(add(DType::float32, shape));
    return graph().inputs.back();
  }
  template <class T>
  [[gnu::noinline]]  // GCC 12 misjudges the memory of the copy where it is inlined
  int constant(const Shape& shape, const std::vector<T>& values, DType dtype) {
    int const t = add(dtype, shape);
    graph().tensor(t).constant = true;
    graph().tensor(t).data = SharedBytes::copy_of(std::span<const T>(values));
    return t;
  }
  int floats(const Shape& shape, const std::vector<float>& values) { return constant(shape, values, DType::float32); }
  int ints(const std::vector<int32_t>& values) {
    return constant(Shape::of({static_cast<int32_t>(values.size())}), values, DType::int32);
  }
  /// The op's result, of the shape that it infers; kNoTensor, and no op, where the operands do not fit.
  int op(const OpDef& def, std::any attributes, std::vector<int> inputs, DType result = DType::float32) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.attributes = std::move(attributes);
    op.inputs = std::move(inputs);
    auto const shapes = def.infer(OpView{graph(), op});
    if (!shapes || shapes->front().elements() > 5000) return kNoTensor;
    op.outputs = {add(result, shapes->front())};
    graph().ops.push_back(op);
    return op.outputs[0];
  }
  /// The same, with a shape that the op does not infer.
  int op_of_shape(const OpDef& def, std::any attributes, std::vector<int> inputs, const Shape& shape) {
    Op op;
    op.def = &def;
    op.type = def.name;
    op.attributes = std::move(attributes);
    op.inputs = std::move(inputs);
    op.outputs = {add(DType::float32, shape)};
    graph().ops.push_back(op);
    return op.outputs[0];
  }

 private:
  int add(DType dtype, const Shape& shape) {
    Tensor t;
    t.name = "t" + std::to_string(graph().tensors.size());
    t.dtype = dtype;
    t.shape = shape;
    return add_tensor(graph(), std::move(t));
  }

  Model model_;
};

/// Float outputs over inputs of a fixed pattern, and the largest value that was computed on the way.
struct Outcome {
  std::vector<std::vector<float>> outputs;
  float largest = 0;
};

Outcome run(const Model& model) {
  Outcome out;
  auto program = lower(std::make_shared<const Model>(model), {.profile = all_profiles().front()});
  EXPECT_TRUE(program.has_value()) << program.error().where << ": " << program.error().what;
  if (!program) return out;
  Runner runner(std::move(*program));
  const Graph& graph = model.main();
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    for (int64_t k = 0; k < graph.tensor(graph.inputs[i]).elements(); ++k)
      reinterpret_cast<float*>(runner.input(i))[k] = static_cast<float>(k * 37 % 101) / 50 - 1;
  auto const done = runner.run(1, [&](TensorRef ref, const std::byte* values, int, int) {
    int const t = ref.tensor;
    for (int64_t k = 0; graph.tensor(t).dtype == DType::float32 && k < graph.tensor(t).elements(); ++k)
      out.largest = std::max(out.largest, std::abs(reinterpret_cast<const float*>(values)[k]));
  });
  EXPECT_TRUE(done.has_value());
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    auto const* const values = reinterpret_cast<const float*>(runner.output(i));
    out.outputs.emplace_back(values, values + graph.tensor(graph.outputs[i]).elements());
  }
  return out;
}

std::vector<std::string> output_names(const Model& model) {
  std::vector<std::string> out;
  for (int t : model.main().outputs) out.push_back(model.main().tensor(t).name);
  return out;
}

std::vector<std::string> op_types(const Model& model) {
  std::vector<std::string> out;
  for (const Op& op : model.main().ops) out.push_back(op.type);
  return out;
}

/// A valid model with the same outputs: to the bit, or near.
void expect_same(const Model& before, const Model& after, bool exactly, const std::string& what) {
  SCOPED_TRACE(what);
  auto const valid = validate(after);
  ASSERT_TRUE(valid.has_value()) << valid.error().where << ": " << valid.error().what;
  EXPECT_EQ(output_names(before), output_names(after));
  Outcome const a = run(before), b = run(after);
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  for (size_t i = 0; i < a.outputs.size(); ++i) {
    ASSERT_EQ(a.outputs[i].size(), b.outputs[i].size());
    if (exactly) {
      EXPECT_EQ(std::memcmp(a.outputs[i].data(), b.outputs[i].data(), a.outputs[i].size() * 4), 0);
    }
    for (size_t k = 0; k < a.outputs[i].size(); ++k)
      ASSERT_NEAR(a.outputs[i][k], b.outputs[i][k], 1e-5f * a.largest) << "output " << i << ", element " << k;
  }
}

/// Random models out of what the passes look for, and near misses.
class Grower {
 public:
  explicit Grower(Random& r) : r_(r) {
    auto n = [&] { return static_cast<int32_t>(r_.between(1, 6)); };
    made_.push_back(draft_.input(Shape::of({1, n(), n(), n()})));
    for (int64_t steps = r_.between(1, 14); steps > 0; --steps) grow();
    std::vector<int>& outputs = draft_.graph().outputs;
    outputs.push_back(made_.back());
    for (int t : made_)
      if (t != made_.front() && t != outputs.front() && r_.chance(0.15)) outputs.push_back(t);
  }
  const Model& model() const { return draft_.model(); }

 private:
  void grow() {
    // The newest tensor more often than others, so that ops follow each other alone.
    int const x = r_.chance(0.7) ? made_.back() : any();
    int const t = step(x);
    if (t != kNoTensor) made_.push_back(t);
  }
  int any() { return made_[static_cast<size_t>(r_.between(0, static_cast<int64_t>(made_.size()) - 1))]; }
  int random_floats(const Shape& shape) { return draft_.floats(shape, r_.values<float>(shape.elements())); }

  int step(int x) {
    switch (r_.between(0, 12)) {
      case 0:
        return draft_.op(r_.chance(0.5) ? kRelu : kRelu6, {}, {x});
      case 1:
      case 2:
        return arithmetic(x, r_.chance(0.8) ? operand_beside(x) : any());
      case 3:
      case 4:
        return layer(x);
      case 5:
        return reshape(x);
      case 6:
        return shape_of_itself(x);
      case 7:
        return pad(x);
      case 8:
        return transpose(x);
      case 9:
        return r_.chance(0.5) ? draft_.op(kConcatenation, ConcatenationAttributes{.axis = -1}, {x})
                              : draft_.op(kConcatenation, ConcatenationAttributes{.axis = -1}, {x, any()});
      case 10:
        return slice(x);
      case 11:
        return layer_of_tiles(x);
      default:
        return stored_constant();
    }
  }

  /// A constant with one value, one for each channel, or one for each element; some are neutral.
  int operand_beside(int x) {
    const Shape& s = draft_.shape(x);
    Shape const shape = r_.chance(0.3) || s.rank() == 0 ? Shape() : r_.chance(0.7) ? Shape::of({s.back()}) : s;
    if (r_.chance(0.6)) return random_floats(shape);
    float const same[] = {1.0f, 0.0f, -0.0f};
    return draft_.floats(shape, std::vector(static_cast<size_t>(shape.elements()), same[r_.between(0, 2)]));
  }
  int arithmetic(int x, int y) {
    if (r_.chance(0.3)) std::swap(x, y);
    auto const activation = r_.chance(0.8) ? Activation::none : Activation::relu;
    switch (r_.between(0, 2)) {
      case 0:
        return draft_.op(kAdd, AddAttributes{.activation = activation}, {x, y});
      case 1:
        return draft_.op(kSub, SubAttributes{.activation = activation}, {x, y});
      default:
        return draft_.op(kMul, MulAttributes{.activation = activation}, {x, y});
    }
  }
  int layer(int x) {
    Shape const s = draft_.shape(x);
    auto const out = static_cast<int32_t>(r_.between(1, 5));
    std::vector<int> operands{x};
    bool const bias = r_.chance(0.6);
    if (s.rank() == 2) {
      operands.push_back(random_floats(Shape::of({out, s[1]})));
      if (bias) operands.push_back(random_floats(Shape::of({out})));
      return draft_.op(kFullyConnected, FullyConnectedAttributes{}, operands);
    }
    if (s.rank() != 4) return kNoTensor;
    if (r_.chance(0.3)) {
      operands.push_back(random_floats(Shape::of({1, 2, 2, s[3]})));
      if (bias) operands.push_back(random_floats(Shape::of({s[3]})));
      return draft_.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{}, operands);
    }
    if (r_.chance(0.2)) return draft_.op(kMaxPool2d, Pool2dAttributes{.filter_h = 2, .filter_w = 2}, {x});
    operands.push_back(random_floats(Shape::of({out, 2, 1, s[3]})));
    if (bias) operands.push_back(random_floats(Shape::of({out})));
    return draft_.op(kConv2d, Conv2dAttributes{}, operands);
  }
  /// A layer as frameworks without dilation write it, and near misses.
  int layer_of_tiles(int x) {
    Shape const s = draft_.shape(x);
    if (s.rank() != 4 || s[1] == 0 || s[2] == 0) return kNoTensor;
    auto n = [&](int64_t most) { return static_cast<int32_t>(r_.between(0, most)); };
    std::vector<int32_t> block{1 + n(2), 1 + n(2)}, before(4, 0), after(4, 0);
    int32_t const taps[] = {1 + n(2), 1 + n(2)};
    bool const same = r_.chance(0.6);
    for (size_t i = 0; i < 2; ++i) {
      int32_t const reach = (taps[i] - 1) * block[i], extent = s[static_cast<int>(i) + 1];
      before[2 * i] = same ? reach / 2 : n(8) / 8;
      int32_t const needed = same ? reach - reach / 2 : 0;
      int32_t const left = (extent + before[2 * i] + needed) % block[i];
      after[2 * i + 1] = left == 0 ? 0 : block[i] - left;
      before[2 * i + 1] = needed + after[2 * i + 1];
      after[2 * i] = n(9) / 9;
    }
    auto pairs = [&](const std::vector<int32_t>& v) { return draft_.constant(Shape::of({2, 2}), v, DType::int32); };
    int const tiles = draft_.op(kSpaceToBatchNd, {}, {x, draft_.ints(block), pairs(before)});
    if (tiles == kNoTensor) return kNoTensor;
    auto const padding = r_.chance(0.9) ? Padding::valid : Padding::same;
    bool const deep = r_.chance(0.5);
    int const weights = random_floats(Shape::of({deep ? 3 : 1, taps[0], taps[1], s[3]}));
    int const made = deep
                         ? draft_.op(kConv2d, Conv2dAttributes{.padding = padding}, {tiles, weights})
                         : draft_.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = padding}, {tiles, weights});
    if (made == kNoTensor) return tiles;
    int const whole = draft_.op(kBatchToSpaceNd, {}, {made, draft_.ints(block), pairs(after)});
    return whole == kNoTensor ? made : whole;
  }
  int reshape(int x) {
    const Shape& s = draft_.shape(x);
    std::vector<int32_t> dims(s.dims().begin(), s.dims().end());
    if (r_.chance(0.5)) dims = {1, -1};
    if (r_.chance(0.5)) return draft_.op(kReshape, ReshapeAttributes{.new_shape = dims}, {x});
    return draft_.op(kReshape, ReshapeAttributes{}, {x, draft_.ints(dims)});
  }
  /// Flattened by way of SHAPE, STRIDED_SLICE and PACK, as frameworks write it.
  int shape_of_itself(int x) {
    Shape const s = draft_.shape(x);
    if (s.rank() == 0) return kNoTensor;
    int const whole = draft_.op(kShape, ShapeAttributes{}, {x}, DType::int32);
    if (r_.chance(0.3)) return draft_.op_of_shape(kReshape, ReshapeAttributes{}, {x, whole}, s);
    int const first = draft_.op(kStridedSlice, StridedSliceAttributes{.shrink_axis_mask = 1},
                                {whole, draft_.ints({0}), draft_.ints({1}), draft_.ints({1})}, DType::int32);
    auto const rest = static_cast<int32_t>(s.product(1, s.rank()));
    int const n = draft_.constant<int32_t>(Shape(), {rest}, DType::int32);
    int const packed = draft_.op(kPack, PackAttributes{.count = 2}, {first, n}, DType::int32);
    return draft_.op_of_shape(kReshape, ReshapeAttributes{}, {x, packed}, Shape::of({s[0], rest}));
  }
  int pad(int x) {
    auto const rank = static_cast<int32_t>(draft_.shape(x).rank());
    std::vector<int32_t> paddings(2 * static_cast<size_t>(rank), 0);
    for (int32_t& p : paddings) p = r_.chance(0.1);
    return draft_.op(kPad, {}, {x, draft_.constant(Shape::of({rank, 2}), paddings, DType::int32)});
  }
  int transpose(int x) {
    std::vector<int32_t> perm;
    for (int32_t d = 0; d < draft_.shape(x).rank(); ++d) perm.push_back(d);
    if (r_.chance(0.5)) std::reverse(perm.begin(), perm.end());
    return draft_.op(kTranspose, {}, {x, draft_.ints(perm)});
  }
  int slice(int x) {
    int const step = r_.chance(0.3) ? -1 : 1;
    return draft_.op(kStridedSlice, StridedSliceAttributes{.begin_mask = 1, .end_mask = 1},
                     {x, draft_.ints({0}), draft_.ints({1}), draft_.ints({step})});
  }
  /// Constants that an op computes.
  int stored_constant() {
    Shape const s = draft_.shape(any());
    int const a = random_floats(s);
    if (r_.chance(0.4)) return draft_.op(kAdd, AddAttributes{}, {a, random_floats(s)});
    if (r_.chance(0.5)) {
      std::vector<uint16_t> halves(static_cast<size_t>(s.elements()));
      for (uint16_t& h : halves) h = to_float16(static_cast<float>(r_.real(-2, 2)));
      return draft_.op(kDequantize, {}, {draft_.constant(s, halves, DType::float16)});
    }
    int const codes = draft_.constant(s, r_.values<int8_t>(s.elements()), DType::int8);
    draft_.graph().tensor(codes).quantization = Quantization::of(0.25f, 3);
    return draft_.op(kDequantize, {}, {codes});
  }

  Random& r_;
  Draft draft_;
  std::vector<int> made_;
};

TEST(Simplify, EveryPassKeepsWhatAModelComputes) {
  Random r;
  SCOPED_TRACE(r.text());
  for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("model " + std::to_string(i));
    Model const model = Grower(r).model();
    auto const valid = validate(model);
    ASSERT_TRUE(valid.has_value()) << valid.error().where << ": " << valid.error().what;
    Model step = model;
    for (const Pass& pass : all_passes()) {
      bool const exactly = pass.run != fold_batch_norm && pass.run != fuse_activations;
      auto alone = pass.run(model);
      ASSERT_TRUE(alone.has_value()) << alone.error().what;
      expect_same(model, *alone, exactly, std::string(pass.name) + " alone");
      auto next = pass.run(step);
      ASSERT_TRUE(next.has_value()) << next.error().what;
      expect_same(step, *next, exactly, std::string(pass.name) + " in turn");
      step = std::move(*next);
    }
    expect_same(model, *fold_constants(model), true, "fold_constants");
    EXPECT_EQ(op_types(*simplify(model)), op_types(step));
    EXPECT_EQ(op_types(*simplify(step)), op_types(step)) << "nothing is left for a second time";
  }
}

TEST(Simplify, ABatchNormGoesIntoTheLayer) {
  Draft d;
  int const x = d.input(Shape::of({1, 4, 4, 2}));
  int const w = d.floats(Shape::of({3, 1, 1, 2}), {1, 2, 3, 4, 5, 6});
  int const conv = d.op(kConv2d, Conv2dAttributes{}, {x, w});
  int const mul = d.op(kMul, MulAttributes{}, {d.floats(Shape::of({3}), {2, -1, 0.5f}), conv});
  int const sub = d.op(kSub, SubAttributes{}, {d.floats(Shape::of({1, 1, 1, 3}), {1, 2, 3}), mul});
  d.graph().outputs = {d.op(kRelu6, {}, {sub})};
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value());
  EXPECT_EQ(op_types(*simple), std::vector<std::string>{"CONV_2D"});
  const Op& op = simple->main().ops[0];
  auto values = [&](size_t i) {
    auto const v = simple->main().tensor(op.inputs[i]).values<float>();
    return std::vector<float>(v.begin(), v.end());
  };
  EXPECT_EQ(values(1), (std::vector<float>{-2, -4, 3, 4, -2.5f, -3}));
  EXPECT_EQ(values(2), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(std::any_cast<Conv2dAttributes>(op.attributes).activation, Activation::relu6);
  expect_same(d.model(), *simple, false, "simplify");
}

TEST(Simplify, ALayerBetweenTilesIsDilated) {
  auto model_of = [](int32_t top, int32_t bottom, int32_t cropped) {
    Draft d;
    int const x = d.input(Shape::of({1, 6, 4, 2}));
    int const block = d.ints({2, 1});
    int const pads = d.constant<int32_t>(Shape::of({2, 2}), {top, bottom, 0, 0}, DType::int32);
    int const crops = d.constant<int32_t>(Shape::of({2, 2}), {0, cropped, 0, 0}, DType::int32);
    int const w = d.floats(Shape::of({1, 3, 1, 2}), {1, 2, 3, 4, 5, 6});
    int const tiles = d.op(kSpaceToBatchNd, {}, {x, block, pads});
    int const made = d.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = Padding::valid}, {tiles, w});
    int const whole = d.op(kBatchToSpaceNd, {}, {made, block, crops});
    d.graph().outputs = {d.op(kRelu, {}, {d.op(kAdd, AddAttributes{}, {whole, d.floats(Shape::of({2}), {1, 2})})})};
    return d.model();
  };
  for (auto [top, bottom, cropped, padding] : {std::tuple{2, 2, 0, Padding::same}, {0, 0, 0, Padding::valid}}) {
    Model const before = model_of(top, bottom, cropped), after = *simplify(before);
    EXPECT_EQ(op_types(after), std::vector<std::string>{"DEPTHWISE_CONV_2D"});
    auto const& a = std::any_cast<const DepthwiseConv2dAttributes&>(after.main().ops[0].attributes);
    EXPECT_EQ(std::tuple(a.dilation_h, a.dilation_w, a.padding), std::tuple(2, 1, padding));
    EXPECT_GE(after.main().ops[0].version, 2);
    expect_same(before, after, false, "dilated");
  }
  EXPECT_EQ(op_types(*simplify(model_of(4, 0, 0))).size(), 4u) << "all of the padding comes first";
}

TEST(Simplify, WhatOthersReadIsNotFolded) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const layer = d.op(kFullyConnected, FullyConnectedAttributes{}, {x, d.floats(Shape::of({2, 2}), {1, 2, 3, 4})});
  int const mul = d.op(kMul, MulAttributes{}, {layer, d.floats(Shape(), {2})});
  d.graph().outputs = {mul, layer};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"FULLY_CONNECTED", "MUL"}));
  // A scale that leaves the range of floats.
  Draft e;
  int const y = e.input(Shape::of({1, 1}));
  int const big = e.op(kFullyConnected, FullyConnectedAttributes{}, {y, e.floats(Shape::of({1, 1}), {1e30f})});
  e.graph().outputs = {e.op(kMul, MulAttributes{}, {big, e.floats(Shape(), {1e30f})})};
  EXPECT_EQ(simplify(e.model())->main().ops.size(), 2u);
}

TEST(Simplify, AnOutputKeepsItsNameWhenItsOpGoes) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const relu = d.op(kRelu, {}, {x});
  int const same = d.op(kReshape, ReshapeAttributes{.new_shape = {1, 2}}, {relu});
  int const twice = d.op(kAdd, AddAttributes{}, {relu, same});
  int const input_again = d.op(kReshape, ReshapeAttributes{.new_shape = {1, 2}}, {x});
  d.graph().outputs = {same, twice, input_again};
  auto const simple = simplify(d.model());
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"RELU", "ADD", "RESHAPE"}));
  expect_same(d.model(), *simple, true, "simplify");
}

TEST(Simplify, StoredIntegersStayUntilTheModelRuns) {
  Draft d;
  int const x = d.input(Shape::of({1, 2}));
  int const codes = d.constant<int8_t>(Shape::of({2, 2}), {1, 2, 3, 4}, DType::int8);
  d.graph().tensor(codes).quantization = Quantization::of(0.5f, 1);
  int const w = d.op(kDequantize, {}, {codes});
  d.graph().outputs = {d.op(kFullyConnected, FullyConnectedAttributes{}, {x, w})};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"DEQUANTIZE", "FULLY_CONNECTED"}));
  auto const folded = fold_constants(d.model());
  EXPECT_EQ(op_types(*folded), std::vector<std::string>{"FULLY_CONNECTED"});
  EXPECT_EQ(folded->main().tensors.size(), d.model().main().tensors.size());
  auto const values = folded->main().tensor(w).values<float>();
  EXPECT_EQ(std::vector(values.begin(), values.end()), (std::vector<float>{0, 0.5f, 1, 1.5f}));
}

TEST(Simplify, FoldingDoesNotBlowUpAModel) {
  Draft d;
  int const x = d.input(Shape::of({1}));
  int const paddings = d.constant<int32_t>(Shape::of({1, 2}), {0, 20 << 20}, DType::int32);
  int const padded = d.op_of_shape(kPad, {}, {d.floats(Shape::of({1}), {1}), paddings}, Shape::of({1 + (20 << 20)}));
  d.graph().outputs = {d.op_of_shape(kAdd, AddAttributes{}, {x, padded}, Shape::of({1 + (20 << 20)}))};
  EXPECT_EQ(op_types(*simplify(d.model())), (std::vector<std::string>{"PAD", "ADD"}));
}

TEST(Simplify, AShapeThatContradictsTheModelIsNamed) {
  Draft d;
  int const x = d.input(Shape::of({2, 3}));
  int const shape = d.op(kShape, ShapeAttributes{}, {x}, DType::int32);
  d.graph().outputs = {d.op_of_shape(kReshape, ReshapeAttributes{}, {x, shape}, Shape::of({6}))};
  ASSERT_TRUE(validate(d.model()).has_value());
  auto const simple = simplify(d.model());
  ASSERT_FALSE(simple.has_value());
  EXPECT_EQ(simple.error().kind, ErrorKind::bad_file);
  EXPECT_NE(simple.error().where.find("op 1 (RESHAPE)"), std::string::npos) << simple.error().where;
}

TEST(Simplify, ComputedShapesBecomeConstantAndStayFree) {
  std::string const path = shared_folder() + "/data/models/seed_cnn/float.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared data";
  auto const model = read_model(path);
  ASSERT_TRUE(model.has_value()) << model.error().what;
  auto const simple = simplify(*model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  for (const Op& op : simple->main().ops) {
    EXPECT_TRUE(op.type != "SHAPE" && op.type != "STRIDED_SLICE" && op.type != "PACK") << op.type;
    if (op.def != &kReshape) continue;
    auto const dims = simple->main().tensor(op.inputs[1]).values<int32_t>();
    EXPECT_EQ(std::vector(dims.begin(), dims.end()), (std::vector<int32_t>{-1, 1024}));
  }
  expect_same(*model, *simple, true, "simplify");
  expect_same(*model, *fold_constants(*model), true, "fold_constants");
}

TEST(Simplify, SharedModelsStayValid) {
  std::vector<std::string> const paths = shared_models();
  if (paths.empty()) GTEST_SKIP() << "no shared data";
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    auto const model = read_model(path);
    if (!model) continue;
    for (auto const& simple : {simplify(*model), fold_constants(*model)}) {
      ASSERT_TRUE(simple.has_value()) << simple.error().where << ": " << simple.error().what;
      auto const valid = validate(*simple);
      EXPECT_TRUE(valid.has_value()) << valid.error().where << ": " << valid.error().what;
      EXPECT_EQ(output_names(*model), output_names(*simple));
    }
  }
}

TEST(SplitAddN, BecomesSumsOfTwo) {
  Draft d;
  Shape const shape = Shape::of({2});
  int const a = d.input(shape), b = d.input(shape), c = d.input(shape);
  int const sum = d.op(kAddN, {}, {a, b, c});
  d.graph().outputs = {sum};
  auto const split = split_add_n(d.model());
  ASSERT_TRUE(split.has_value());
  const std::vector<Op>& ops = split->main().ops;
  ASSERT_EQ(ops.size(), 2u);
  EXPECT_EQ(ops[0].def, &kAdd);
  EXPECT_EQ(ops[0].inputs, (std::vector{a, b}));
  EXPECT_EQ(ops[1].inputs, (std::vector{ops[0].outputs[0], c}));
  EXPECT_EQ(ops[1].outputs, std::vector{sum});
  EXPECT_TRUE(validate(*split).has_value());
}

}  // namespace
}  // namespace narrow
