// Computations of shapes in models whose inputs have free dimensions.
#include "graph/free_dimensions.h"

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

/// A model with an input whose dimensions of -1 are free, and what ops compute of its shape.
class FreeDraft : public Draft {
 public:
  int free_input(const std::vector<int32_t>& signature) {
    std::vector<int32_t> dims = signature;
    std::replace(dims.begin(), dims.end(), -1, 1);
    int const x = GraphBuilder::input({.shape = *Shape::make(dims), .name = "x"});
    at(x).shape_signature = signature;
    return x;
  }
  int shape_of(int x) {
    return GraphBuilder::infer_op(kShape, ShapeAttributes{}, {x}, {.dtype = DType::int32, .shape = {}}).value();
  }
  /// Elements [from, to) of a list of integers; one alone as a scalar.
  int part(int list, int32_t from, int32_t to) {
    bool const one = to == from + 1;
    StridedSliceAttributes a;
    a.shrink_axis_mask = one ? 1 : 0;
    int const result = tensor({.dtype = DType::int32, .shape = one ? Shape() : Shape::of({to - from})});
    GraphBuilder::op(kStridedSlice, a, {list, indices({from}), indices({to}), indices({1})}, {result});
    return result;
  }
  int scalar(int32_t value) { return constant<int32_t>(Shape(), {value}, DType::int32); }
  int pack(std::vector<int> parts) {
    PackAttributes const a{.count = static_cast<int>(parts.size()), .axis = 0};
    int const result = tensor({.dtype = DType::int32, .shape = Shape::of({a.count})});
    GraphBuilder::op(kPack, a, std::move(parts), {result});
    return result;
  }
  /// A result whose dimensions of -1 the file leaves free.
  int result(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::vector<int32_t>& signature) {
    std::vector<int32_t> dims = signature;
    std::replace(dims.begin(), dims.end(), -1, 1);
    int const y = op_of_shape(def, std::move(attributes), std::move(inputs), *Shape::make(dims));
    if (dims != signature) at(y).shape_signature = signature;
    return y;
  }
  Model settled(const LoadOptions& options = {}) {
    Model out = model();
    auto const ok = settle(out, options);
    EXPECT_TRUE(ok.has_value()) << ok.error().where << ": " << ok.error().what;
    return out;
  }
};

bool has(const Model& model, const std::string& type) {
  auto const types = op_types(model);
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// x of [free, 2, 3] with 0.5 filled in below: concat(x, fill([batch, 1, 3], 0.5)).
FreeDraft filled() {
  FreeDraft d;
  int const x = d.free_input({-1, 2, 3});
  int const dims = d.pack({d.part(d.shape_of(x), 0, 1), d.scalar(1), d.scalar(3)});
  int const half = d.constant<float>(Shape(), {0.5f}, DType::float32);
  int const below = d.result(kFill, {}, {dims, half}, {-1, 1, 3});
  d.graph().outputs = {d.result(kConcatenation, ConcatenationAttributes{.axis = 1}, {x, below}, {-1, 3, 3})};
  return d;
}

TEST(FreeDimensions, AComputedShapeIsKnownAndStaysComputed) {
  Model const model = filled().settled();
  auto const simple = simplify(model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"SHAPE", "STRIDED_SLICE", "PACK", "FILL", "CONCATENATION"}));
  const Op& fill = simple->main().ops[3];
  const Tensor& dims = simple->main().tensor(fill.inputs[0]);
  EXPECT_FALSE(dims.constant);
  ASSERT_TRUE(dims.known());
  auto const values = dims.values<int32_t>();
  EXPECT_EQ(std::vector(values.begin(), values.end()), (std::vector<int32_t>{1, 1, 3}));
  expect_same(model, *simple, true, "simplify");
  auto const folded = fold_constants(model);
  ASSERT_TRUE(folded.has_value());
  EXPECT_EQ(op_types(*folded), std::vector<std::string>{"CONCATENATION"});
  expect_same(model, *folded, true, "fold_constants");
}

TEST(FreeDimensions, WhatIsTakenOfFixedDimensionsIsFolded) {
  FreeDraft d;
  int const x = d.free_input({-1, 2, 4});
  int const sizes = d.part(d.shape_of(x), 1, 3);
  int const size = d.op(kMul, MulAttributes{}, {sizes, d.indices({1, 2})}, DType::int32);
  int const one = d.constant<float>(Shape(), {1}, DType::float32);
  int const plane = d.result(kFill, {}, {size, one}, {2, 8});
  int const wide = d.result(kConcatenation, ConcatenationAttributes{.axis = 2}, {x, x}, {-1, 2, 8});
  d.graph().outputs = {d.result(kAdd, AddAttributes{}, {wide, plane}, {-1, 2, 8})};
  auto const simple = simplify(d.settled());
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"CONCATENATION", "ADD"}));
}

TEST(FreeDimensions, AReshapeWithOneOfThemNeedsNoComputedShape) {
  FreeDraft d;
  int const x = d.free_input({-1, 2, 3});
  int const dims = d.pack({d.part(d.shape_of(x), 0, 1), d.scalar(6)});
  d.graph().outputs = {d.result(kReshape, ReshapeAttributes{}, {x, dims}, {-1, 6})};
  auto const simple = simplify(d.settled());
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  ASSERT_EQ(op_types(*simple), std::vector<std::string>{"RESHAPE"});
  auto const shape = simple->main().tensor(simple->main().ops[0].inputs[1]).values<int32_t>();
  EXPECT_EQ(std::vector(shape.begin(), shape.end()), (std::vector<int32_t>{-1, 6}));
}

TEST(FreeDimensions, AReshapeWithSeveralKeepsIt) {
  FreeDraft d;
  int const x = d.free_input({-1, 8, 3});
  int const dims = d.pack({d.part(d.shape_of(x), 0, 1), d.scalar(-1), d.scalar(12)});
  d.graph().outputs = {d.result(kReshape, ReshapeAttributes{}, {x, dims}, {-1, -1, 12})};
  Model const model = d.settled();
  EXPECT_EQ(model.main().tensor(model.main().outputs[0]).shape, Shape::of({1, 2, 12}));
  auto const simple = simplify(model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_TRUE(has(*simple, "SHAPE"));
  auto const fixed = simplify(d.settled({.shape = {}, .batch = 3}));
  ASSERT_TRUE(fixed.has_value()) << fixed.error().what;
  EXPECT_EQ(op_types(*fixed), std::vector<std::string>{"RESHAPE"});
  const Tensor& y = fixed->main().tensor(fixed->main().outputs[0]);
  EXPECT_EQ(y.shape, Shape::of({3, 2, 12}));
  EXPECT_TRUE(y.shape_signature.empty());
}

/// y = reshape(x, [prod(shape[:2]), shape[2]]) times w: what Keras makes of a dense layer over the last axis.
TEST(FreeDimensions, ComputedShapesAreSettledBeforeTheyAreCompared) {
  FreeDraft d;
  int const x = d.free_input({-1, 4, 3});
  int const shape = d.shape_of(x);
  int const rows = d.tensor({.dtype = DType::int32, .shape = Shape()});
  int const first = d.part(shape, 0, 2);
  ReduceAttributes reduce;
  d.GraphBuilder::op(kReduceProd, reduce, {first, d.indices({0})}, {rows});
  int const flat = d.result(kReshape, ReshapeAttributes{}, {x, d.pack({rows, d.part(shape, 2, 3)})}, {-1, -1});
  int const w = d.floats(Shape::of({5, 3}), std::vector<float>(15, 0.25f));
  d.graph().outputs = {d.result(kFullyConnected, FullyConnectedAttributes{}, {flat, w}, {-1, 5})};
  Model const model = d.settled();
  EXPECT_EQ(model.main().tensor(flat).shape, Shape::of({4, 3}));
  EXPECT_EQ(model.main().tensor(model.main().outputs[0]).shape, Shape::of({4, 5}));
  auto const simple = simplify(model);
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  expect_same(model, *simple, true, "simplify");
}

TEST(FreeDimensions, SizesAreGivenByName) {
  LoadOptions one;
  one.shape = {{"x", {5, 2, 3}}};
  Model const model = filled().settled(one);
  EXPECT_EQ(model.main().tensor(model.main().outputs[0]).shape, Shape::of({5, 3, 3}));
  for (const Tensor& t : model.main().tensors) EXPECT_FALSE(t.has_free_dimension()) << t.name;
  EXPECT_EQ(op_types(*simplify(model)), std::vector<std::string>{"CONCATENATION"});
}

std::string refusal(const LoadOptions& options) {
  Model model = filled().model();
  auto const ok = settle(model, options);
  EXPECT_FALSE(ok.has_value());
  if (ok) return "";
  EXPECT_EQ(ok.error().kind, ErrorKind::bad_option);
  return ok.error().field + ": " + ok.error().what + "; " + ok.error().remedy;
}

TEST(FreeDimensions, SizesThatDoNotGoWithTheModelAreRefused) {
  EXPECT_EQ(refusal({.shape = {{"z", {1}}}, .batch = {}}),
            "shape: `shape`: there is no input 'z'; input 'x' is [free, 2, 3]");
  EXPECT_EQ(refusal({.shape = {{"x", {5, 2, 4}}}, .batch = {}}),
            "shape: `shape=x=5x2x4` does not go with the model; input 'x' is [free, 2, 3]");
  EXPECT_EQ(refusal({.shape = {{"x", {5, 2}}}, .batch = {}}),
            "shape: `shape=x=5x2` does not go with the model; input 'x' is [free, 2, 3]");
  EXPECT_EQ(refusal({.shape = {{"x", {5, 2, 3}}}, .batch = 4}),
            "batch: `batch=4` does not go with the model: its batch is not free; input 'x' is [5, 2, 3]");
  EXPECT_EQ(refusal({.shape = {}, .batch = 0}),
            "batch: `batch=0` is not the size of a dimension; give a whole number of at least 1");
}

TEST(FreeDimensions, SizesMayStayFree) {
  Model model = filled().settled();
  int64_t const dims[] = {7, 2, 3};
  ASSERT_TRUE(resize_input(model, 0, model.main().inputs[0], dims));
  ASSERT_TRUE(settle(model).has_value());
  const Tensor& y = model.main().tensor(model.main().outputs[0]);
  EXPECT_EQ(y.shape, Shape::of({7, 3, 3}));
  EXPECT_EQ(y.shape_signature, (std::vector<int32_t>{-1, 3, 3}));
  int64_t const other[] = {7, 2, 4};
  EXPECT_FALSE(resize_input(model, 0, model.main().inputs[0], other));
}

TEST(FreeDimensions, OnesThatAreTooSmallForAWindowAreEnlarged) {
  FreeDraft d;
  int const x = d.free_input({-1, -1, -1, 1});
  int const w = d.floats(Shape::of({1, 3, 3, 1}), std::vector<float>(9, 1));
  Conv2dAttributes conv;
  conv.padding = Padding::valid;
  d.graph().outputs = {d.result(kConv2d, conv, {x, w}, {-1, -1, -1, 1})};
  Model const model = d.settled();
  EXPECT_EQ(model.main().tensor(model.main().outputs[0]).shape, Shape::of({1, 30, 30, 1}));
  EXPECT_TRUE(model.main().tensor(x).has_free_dimension());
}

}  // namespace
}  // namespace narrow
