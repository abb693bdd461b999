// Graphs in the place of the ops that run them.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/control/control.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

const Shape kShape = Shape::of({4});

int truth(Draft& d, bool value) {
  return d.constant<uint8_t>(Shape(), {value}, DType::boolean);
}

/// Graphs 1 and 2: (x + y, relu(x)) and (x * y, x).
void add_branches(Draft& d) {
  for (size_t g : {1, 2}) {
    d.in(g);
    int const x = d.input(kShape), y = d.input(kShape);
    if (g == 1)
      d.graph().outputs = {d.op(kAdd, AddAttributes{}, {x, y}), d.op(kRelu, {}, {x})};
    else
      d.graph().outputs = {d.op(kMul, MulAttributes{}, {x, y}), x};
  }
  d.in(0);
}

TEST(SimplifyInline, ConstantBranchesCallsAndCompositesBecomeTheirOps) {
  Draft d(3);
  add_branches(d);
  int const x = d.input(kShape), y = d.input(kShape);
  auto const a = d.run(kIf, {1, 2}, {truth(d, false), x, y}, 2, kShape);  // x * y, x
  auto const b = d.run(kCall, {1}, {a[1], a[0]}, 2, kShape);              // x + x * y, relu(x)
  auto const c = d.run(kStablehloComposite, {1}, {b[0], a[1]}, 2, kShape);
  d.graph().outputs = {a[0], b[1], c[0], c[1]};
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"MUL", "ADD", "RELU", "ADD", "RELU"}));
  EXPECT_EQ(simple->graphs.size(), 1u);
  expect_same(d.model(), *simple, true, "simplify");
}

TEST(SimplifyInline, GraphsThatRunGraphsAreTakenApartFromTheInside) {
  Draft d(4);
  add_branches(d);
  d.in(3);
  int const u = d.input(kShape);
  d.graph().outputs = {d.run(kCall, {1}, {u, u}, 2, kShape)[0]};
  d.in(0);
  int const x = d.input(kShape);
  d.graph().outputs = {d.run(kCall, {3}, d.run(kCall, {3}, {x}, 1, kShape), 1, kShape)};
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_EQ(op_types(*simple), (std::vector<std::string>{"ADD", "ADD"}));
  expect_same(d.model(), *simple, true, "simplify");
}

TEST(SimplifyInline, AnOutputThatWouldLoseItsNameKeepsItsCall) {
  Draft d(3);
  add_branches(d);
  int const x = d.input(kShape), y = d.input(kShape);
  d.graph().outputs = d.run(kCall, {2}, {x, y}, 2, kShape);
  auto const simple = simplify(d.model());
  ASSERT_TRUE(simple.has_value()) << simple.error().what;
  EXPECT_EQ(op_types(*simple), std::vector<std::string>{"CALL"});
  EXPECT_EQ(simple->graphs.size(), 2u) << "nothing runs the other branch";
  expect_same(d.model(), *simple, true, "simplify");
}

}  // namespace
}  // namespace narrow
