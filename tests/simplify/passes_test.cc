// Every pass over random models, and over the shared ones.
#include "base/float16.h"
#include "one_op.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/windows/windows.h"
#include "read/read.h"
#include "shared_models.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

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
    int const tiles = draft_.op(kSpaceToBatchNd, {}, {x, draft_.indices(block), pairs(before)});
    if (tiles == kNoTensor) return kNoTensor;
    auto const padding = r_.chance(0.9) ? Padding::valid : Padding::same;
    bool const deep = r_.chance(0.5);
    int const weights = random_floats(Shape::of({deep ? 3 : 1, taps[0], taps[1], s[3]}));
    int const made = deep
                         ? draft_.op(kConv2d, Conv2dAttributes{.padding = padding}, {tiles, weights})
                         : draft_.op(kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = padding}, {tiles, weights});
    if (made == kNoTensor) return tiles;
    int const whole = draft_.op(kBatchToSpaceNd, {}, {made, draft_.indices(block), pairs(after)});
    return whole == kNoTensor ? made : whole;
  }
  int reshape(int x) {
    const Shape& s = draft_.shape(x);
    std::vector<int32_t> dims(s.dims().begin(), s.dims().end());
    if (r_.chance(0.5)) dims = {1, -1};
    if (r_.chance(0.5)) return draft_.op(kReshape, ReshapeAttributes{.new_shape = dims}, {x});
    return draft_.op(kReshape, ReshapeAttributes{}, {x, draft_.indices(dims)});
  }
  /// Flattened by way of SHAPE, STRIDED_SLICE and PACK, as frameworks write it.
  int shape_of_itself(int x) {
    Shape const s = draft_.shape(x);
    if (s.rank() == 0) return kNoTensor;
    int const whole = draft_.op(kShape, ShapeAttributes{}, {x}, DType::int32);
    if (r_.chance(0.3)) return draft_.op_of_shape(kReshape, ReshapeAttributes{}, {x, whole}, s);
    int const first = draft_.op(kStridedSlice, StridedSliceAttributes{.shrink_axis_mask = 1},
                                {whole, draft_.indices({0}), draft_.indices({1}), draft_.indices({1})}, DType::int32);
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
    return draft_.op(kTranspose, {}, {x, draft_.indices(perm)});
  }
  int slice(int x) {
    int const step = r_.chance(0.3) ? -1 : 1;
    return draft_.op(kStridedSlice, StridedSliceAttributes{.begin_mask = 1, .end_mask = 1},
                     {x, draft_.indices({0}), draft_.indices({1}), draft_.indices({step})});
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

}  // namespace
}  // namespace narrow
