// Ops that are computed in float only, in the middle of models: what is around them becomes integer.
#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/reductions/reductions.h"
#include "quantize/accuracy.h"
#include "quantize/recipe/scheme.h"
#include "random.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

constexpr int kSamples = 20;

std::vector<float> drawn(Random& r, int64_t count) {
  std::vector<float> out(static_cast<size_t>(count));
  for (float& v : out) v = static_cast<float>(r.real(-1, 1));
  return out;
}

int constant(Draft& d, Random& r, const Shape& shape) {
  return d.floats(shape, drawn(r, shape.elements()));
}

/// Quantizes the model by every scheme; the op stays float, the ADD and MUL around it are integer where a scheme makes
/// integers of them, and results keep at least `least` dB.
void expect_integers_around(const Model& model, const OpDef& def, double least) {
  Random r;
  Values const inputs{drawn(r, model.main().tensor(model.main().inputs[0]).elements() * kSamples)};
  ModelRun const measured = run_model(model, inputs, kSamples);
  for (const SchemeDef& scheme : all_schemes()) {
    SCOPED_TRACE(scheme.name);
    auto const quantized = quantize_as_measured(model, measured, scheme.name, true);
    ASSERT_TRUE(quantized) << quantized.error().what;
    const Graph& g = quantized->model.main();
    bool found = false;
    for (const Op& op : g.ops) {
      DType const data = g.tensor(op.inputs[0]).dtype;
      bool const makes_integers = scheme.name != std::string("dynamic") && scheme.name != std::string("float16");
      if (op.def == &kAdd || op.def == &kMul) {
        EXPECT_EQ(data != DType::float32, makes_integers) << op.type;
      }
      if (op.def != &def) continue;
      found = true;
      EXPECT_EQ(g.tensor(op.outputs.back()).quantization.present(), false);
    }
    EXPECT_TRUE(found);
    ModelRun const got = run_model(quantized->model, inputs, kSamples);
    ASSERT_EQ(got.outputs.size(), measured.outputs.size());
    for (size_t i = 0; i < got.outputs.size(); ++i) EXPECT_GT(sqnr(measured.outputs[i], got.outputs[i]), least) << i;
  }
  EXPECT_FALSE(quantize_as_measured(model, measured, "int8")) << "without leave nothing stays float";
}

TEST(FloatOps, ConvolutionsOfVolumes) {
  Random r;
  Draft d;
  int x = d.op(kAdd, AddAttributes{}, {d.input(Shape::of({1, 3, 4, 4, 2})), constant(d, r, Shape::of({2}))});
  x = d.op(kConv3d, Conv3dAttributes{.stride_h = 2, .activation = Activation::relu},
           {x, constant(d, r, Shape::of({2, 3, 3, 2, 3})), constant(d, r, Shape::of({3}))});
  d.outputs({d.op(kMul, MulAttributes{}, {x, constant(d, r, Shape::of({3}))})});
  expect_integers_around(d.model(), kConv3d, 20);
}

TEST(FloatOps, TransposedConvolutionsOfVolumes) {
  Random r;
  Draft d;
  int x = d.op(kAdd, AddAttributes{}, {d.input(Shape::of({1, 3, 2, 4, 2})), constant(d, r, Shape::of({2}))});
  x = d.op(kConv3dTranspose, Conv3dAttributes{.stride_h = 2},
           {d.indices({1, 3, 4, 4, 3}), constant(d, r, Shape::of({2, 3, 3, 3, 2})), x});
  d.outputs({d.op(kMul, MulAttributes{}, {x, constant(d, r, Shape::of({3}))})});
  expect_integers_around(d.model(), kConv3dTranspose, 20);
}

/// Boxes that lie about alone, and scores that are about 0.2, 0.3 and so on.
void expect_selected(const OpDef& def) {
  constexpr int32_t kBoxes = 6, kMost = 4;
  Draft d;
  int const moved = d.op(kMul, MulAttributes{}, {d.input(Shape::of({kBoxes, 4})), d.floats(Shape(), {0.05f})});
  std::vector<float> corners, scores;
  for (int i = 0; i < kBoxes; ++i) {
    auto const at = static_cast<float>(i) * 1.5f;
    corners.insert(corners.end(), {at, at, at + 2, at + 2});
    scores.push_back(0.2f + 0.1f * static_cast<float>(i));
  }
  int const boxes = d.op(kAdd, AddAttributes{}, {moved, d.floats(Shape::of({kBoxes, 4}), corners)});
  int const of_boxes = d.op(kMean, ReduceAttributes{}, {moved, d.indices({1})});
  int const score = d.op(kAdd, AddAttributes{}, {of_boxes, d.floats(Shape::of({kBoxes}), scores)});
  std::vector<int> in{boxes, score, d.constant<int32_t>(Shape(), {kMost}, DType::int32), d.floats(Shape(), {0.5f}),
                      d.floats(Shape(), {0.05f})};
  bool const soft = &def == &kNonMaxSuppressionV5;
  if (soft) in.push_back(d.floats(Shape(), {0.5f}));
  int const indices = d.tensor({.dtype = DType::int32, .shape = Shape::of({kMost})});
  int const kept = d.tensor({.shape = Shape::of({kMost})});
  int const count = d.tensor({.dtype = DType::int32, .shape = Shape()});
  d.GraphBuilder::op(def, {}, in, soft ? std::vector{indices, kept, count} : std::vector{indices, count});
  std::vector<int> outputs{d.op(kCast, CastAttributes{}, {indices}), d.op(kCast, CastAttributes{}, {count})};
  if (soft) outputs.push_back(d.op(kAdd, AddAttributes{}, {kept, d.floats(Shape(), {1})}));
  d.outputs(outputs);
  expect_integers_around(d.model(), def, 20);
}

TEST(FloatOps, SelectionsOfBoxes) {
  expect_selected(kNonMaxSuppressionV4);
  expect_selected(kNonMaxSuppressionV5);
}

}  // namespace
}  // namespace narrow
