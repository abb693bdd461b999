// Ops that change nothing.
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layout/layout.h"
#include "simplify/draft.h"

namespace narrow {
namespace {

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

}  // namespace
}  // namespace narrow
