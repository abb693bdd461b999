// Headroom of 16-bit activations: twice the calibrated range, but no farther than ops let values reach.
#include <cmath>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "quantize/draft.h"
#include "quantize/ranges/value_bounds.h"

namespace narrow {
namespace {

float farthest(const Model& model, const std::string& name) {
  return 32767 * named(model.main(), name).quantization.scale();
}

int add(GraphDraft& d, int x, const std::string& name, Activation activation, Range range) {
  return d.op(kAdd, {x, x}, name, range, AddAttributes{.activation = activation});
}

TEST(Headroom, ends_where_ops_end) {
  for (auto const& [seen, held] : {std::pair{6.0F, 6.0F}, {5.0F, 6.0F}, {3.0F, 6.0F}, {2.0F, 4.0F}}) {
    GraphDraft d;
    int const x = d.input("x", {-3, 2});
    int const y = add(d, x, "y", Activation::relu6, {0, seen}), z = add(d, x, "z", Activation::relu, {0, seen});
    d.outputs({y, z});
    auto const q = d.quantize(false, "int16");
    ASSERT_TRUE(q) << q.error().what;
    EXPECT_FLOAT_EQ(farthest(q->model, "x"), 6);
    EXPECT_FLOAT_EQ(farthest(q->model, "y"), held);
    EXPECT_FLOAT_EQ(farthest(q->model, "z"), 2 * seen);
    auto const plain = d.quantize(false, "int16x8");
    ASSERT_TRUE(plain) << plain.error().what;
    EXPECT_FLOAT_EQ(farthest(plain->model, "y"), seen);
  }
}

TEST(Headroom, of_tensors_that_share_params_is_the_widest) {
  GraphDraft d;
  int const x = d.input("x");
  int const six = add(d, x, "six", Activation::relu6, {0, 5}), open = add(d, x, "open", Activation::relu, {0, 5});
  int const other = add(d, x, "other", Activation::relu6, {0, 4});
  d.outputs({d.join({six, open}, "mixed", {0, 5}),
             d.join({other, add(d, x, "y", Activation::relu6, {0, 3})}, "joined", {0, 4})});
  auto const q = d.quantize(false, "int16");
  ASSERT_TRUE(q) << q.error().what;
  for (const char* name : {"six", "open", "mixed"}) EXPECT_FLOAT_EQ(farthest(q->model, name), 10) << name;
  for (const char* name : {"other", "joined"}) EXPECT_FLOAT_EQ(farthest(q->model, name), 6) << name;
}

TEST(Reaches, of_ops) {
  GraphDraft d;
  int const x = d.input("x"), open = d.op(kRelu, {x}, "open"), six = d.op(kRelu6, {open}, "six");
  int const one = d.op(kLogistic, {x}, "one");
  int const eight = d.constant(Shape::of({1, 4}), -8);
  int const both = d.join({six, one}, "both"), far = d.join({both, eight}, "far"), all = d.join({one, open}, "all");
  int const clamped = d.join({x, open}, "clamped");
  d.graph().ops.back().attributes.edit<ConcatenationAttributes>()->activation = Activation::relu_n1_to_1;
  d.outputs({far, all, clamped});
  std::vector<float> const found = value_bounds(d.graph());
  auto of = [&](int t) { return found[static_cast<size_t>(t)]; };
  EXPECT_TRUE(std::isinf(of(x)) && std::isinf(of(open)) && std::isinf(of(all)));
  EXPECT_EQ(of(six), 6);
  EXPECT_EQ(of(one), 1);
  EXPECT_EQ(of(both), 6);
  EXPECT_EQ(of(far), 8);
  EXPECT_EQ(of(clamped), 1);
  int const before = d.op(kRelu, {x}, "before"), cut = d.op(kRelu6, {before}, "cut");
  d.outputs({cut, clamped});
  EXPECT_EQ(value_bounds(d.graph())[static_cast<size_t>(before)], 6);
}

}  // namespace
}  // namespace narrow
