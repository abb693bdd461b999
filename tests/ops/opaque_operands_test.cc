// Constants whose values are stored in a form that narrow only carries, or in another file: ops that make shapes of an
// operand's values must not take them for values that are there.
#include <gmock/gmock.h>

#include "graph/attribute_type.h"
#include "ops/build/graph_builder.h"
#include "ops/check/validate_rules.h"
#include "ops/windows/windows.h"

namespace narrow {
namespace {

constexpr int kMostOperands = 6;

/// `def` with `operands` images, but for operand `at`, an opaque constant of `count` elements without bytes.
Result<std::vector<Shape>> inferred_with_opaque(const OpDef& def, int operands, int at, int32_t count, DType dtype) {
  GraphBuilder builder;
  std::vector<int> inputs;
  for (int i = 0; i < operands; ++i)
    inputs.push_back(builder.tensor(
        {.dtype = i == at ? dtype : DType::float32, .shape = i == at ? Shape::of({count}) : Shape::of({1, 4, 4, 2})}));
  int const result = builder.tensor({.dtype = DType::float32, .shape = Shape::of({1, 4, 4, 2})});
  int const outputs = def.arity.outputs == kAnyNumber ? 1 : def.arity.outputs;
  builder.op(def, def.attributes ? def.attributes->make() : Attributes(), inputs,
             std::vector<int>(static_cast<size_t>(outputs), result));
  Tensor& opaque = builder.graph().tensor(inputs[static_cast<size_t>(at)]);
  opaque.constant = opaque.opaque = true;
  return inferred_shapes(builder.graph(), builder.graph().ops[0]);
}

TEST(OpaqueOperands, AreNoValuesOfAnyOp) {
  int asked = 0;
  for (const OpDef* def : all_ops())
    for (int operands = def->arity.min_inputs; operands <= std::min(def->arity.max_inputs, kMostOperands); ++operands)
      for (int at = 0; at < operands; ++at)
        for (int32_t count : {1, 2, 3, 4})
          for (DType dtype : {DType::int32, DType::int64}) {
            SCOPED_TRACE(def->name);
            auto const shapes = inferred_with_opaque(*def, operands, at, count, dtype);
            if (!shapes) {
              EXPECT_NE(shapes.error().kind, ErrorKind::internal) << shapes.error().what;
            }
            ++asked;
          }
  EXPECT_GT(asked, 1000);
}

TEST(OpaqueOperands, SizesOfImagesAreNotKnown) {
  for (const OpDef* def : {&kResizeBilinear, &kResizeNearestNeighbor}) {
    auto const shapes = inferred_with_opaque(*def, 2, 1, 2, DType::int32);
    ASSERT_TRUE(shapes);
    EXPECT_TRUE(shapes->empty());
  }
}

}  // namespace
}  // namespace narrow
