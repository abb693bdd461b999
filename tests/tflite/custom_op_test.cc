#include "tflite/custom_op.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/build/graph_builder.h"
#include "random.h"
#include "same_model.h"
#include "tflite/read.h"
#include "tflite/write.h"

namespace narrow {
namespace {

/// Attributes of an op that the format lacks: a field of each kind.
struct CurveAttributes {
  bool smooth = true;
  int order = 3;
  float slope = 0.5f;
  Padding padding = Padding::valid;
  DType dtype = DType::int16;
  std::string label = "a";
  std::vector<int32_t> knots;
  std::vector<float> weights{1, 2};
  static const AttributeType kType;
};
constexpr AttributeField kCurveFields[] = {
    field<&CurveAttributes::smooth>("smooth"), field<&CurveAttributes::order>("order"),
    field<&CurveAttributes::slope>("slope"),   field<&CurveAttributes::padding>("padding"),
    field<&CurveAttributes::dtype>("dtype"),   field<&CurveAttributes::label>("label"),
    field<&CurveAttributes::knots>("knots"),   field<&CurveAttributes::weights>("weights"),
};
const AttributeType CurveAttributes::kType = attribute_type<CurveAttributes>("Curve", kCurveFields);

OpDef curve() {
  OpDef def = kRelu;
  def.name = "CURVE";
  def.attributes = &CurveAttributes::kType;
  return def;
}

CurveAttributes changed() {
  return {.smooth = false,
          .order = -70000,
          .slope = -0.0f,
          .padding = Padding::same,
          .dtype = DType::boolean,
          .label = "long \n name",
          .knots = {1, -1, 1 << 30},
          .weights = {0.1f, 3e30f, INFINITY, -INFINITY, NAN}};
}

TEST(CustomOp, ReadsBackWhatItWrites) {
  for (const Attributes& a : {Attributes(CurveAttributes{}), Attributes(changed())}) {
    auto const bytes = encode_attributes(a);
    EXPECT_EQ(bytes, encode_attributes(a));
    auto const read = decode_attributes(bytes, &CurveAttributes::kType);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, a) << print(*read);
  }
  auto const none = decode_attributes(encode_attributes({}), nullptr);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(CustomOp, GivesFieldsThatAFileLacksTheirDefaults) {
  auto const read = decode_attributes(encode_attributes({}), &CurveAttributes::kType);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, Attributes(CurveAttributes{}));
}

TEST(CustomOp, RefusesFieldsThatItDoesNotKnow) {
  auto const read = decode_attributes(encode_attributes(CurveAttributes{}), &LeakyReluAttributes::kType);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::unsupported);
}

TEST(CustomOp, SurvivesDamage) {
  Random r;
  auto const whole = encode_attributes(changed());
  for (int i = 0; i < 20000; ++i) {
    auto bytes = whole;
    for (int64_t k = 0, n = r.between(1, 3); k < n; ++k)
      bytes[static_cast<size_t>(r.between(0, static_cast<int64_t>(bytes.size()) - 1))] =
          static_cast<uint8_t>(r.between(0, 255));
    if (r.chance(0.2)) bytes.resize(static_cast<size_t>(r.between(0, static_cast<int64_t>(bytes.size()))));
    auto const read = decode_attributes(bytes, &CurveAttributes::kType);
    if (!read) {
      EXPECT_NE(read.error().kind, ErrorKind::internal);
    }
  }
}

Model with(const OpDef& def) {
  GraphBuilder b;
  int const x = b.input({.shape = Shape::of({2})}), y = b.tensor({.shape = Shape::of({2})});
  b.op(def, changed(), {x}, {y});
  b.outputs({y});
  return std::move(b.model());
}

TEST(CustomOp, IsWrittenUnderNarrowsName) {
  OpDef const def = curve();
  auto const file = write_tflite(with(def));
  ASSERT_TRUE(file) << file.error().what;
  // CURVE is not in the registry: as a later narrow's op would be, it is passed through.
  auto const model = read_tflite(SharedBytes(*file), "curve");
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_EQ(model->main().ops[0].type, "narrow.CURVE");
  EXPECT_EQ(model->main().ops[0].def, nullptr);
  EXPECT_EQ(*write_tflite(*model), *file);
}

TEST(CustomOp, CannotRunGraphs) {
  OpDef const def = curve();
  Model model = with(def);
  model.graphs.push_back(model.main());
  model.main().ops[0].graphs = {1};
  auto const file = write_tflite(model);
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().what.find("CURVE cannot be written"), std::string::npos) << file.error().what;
}

}  // namespace
}  // namespace narrow
