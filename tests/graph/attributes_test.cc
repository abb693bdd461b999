#include "graph/attributes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/def/op_def.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"

namespace narrow {
namespace {

/// A value that differs from `now` and that the field takes.
FieldValue another(const AttributeField& field, const FieldValue& now) {
  return std::visit(
      [&](const auto& v) -> FieldValue {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>) return !v;
        if constexpr (std::is_same_v<T, int64_t>)
          return field.names.empty() ? v + 1 : (v + 1) % static_cast<int64_t>(field.names.size());
        if constexpr (std::is_same_v<T, float>) return v + 1;
        if constexpr (std::is_same_v<T, std::string>) return v + "x";
        if constexpr (std::is_same_v<T, std::vector<int32_t>>) return std::vector<int32_t>{1, -1};
        if constexpr (std::is_same_v<T, std::vector<float>>) return std::vector<float>{0.5f};
      },
      now);
}

TEST(Attributes, PrintEveryField) {
  EXPECT_EQ(print(Attributes()), "");
  EXPECT_EQ(
      print(Attributes(Conv2dAttributes{.padding = Padding::valid, .stride_h = 2, .activation = Activation::relu})),
      "padding=valid, stride_h=2, stride_w=1, dilation_h=1, dilation_w=1, activation=relu, "
      "quantized_bias_type=float32");
  EXPECT_EQ(print(Attributes(ReshapeAttributes{.new_shape = {1, -1}})), "new_shape=[1, -1]");
  EXPECT_EQ(print(Attributes(MirrorPadAttributes{.mode = MirrorMode::symmetric})), "mode=symmetric");
}

TEST(Attributes, AreTheStructsThatTheyHold) {
  Attributes a = SplitAttributes{.count = 3};
  EXPECT_EQ(a.get<SplitAttributes>().count, 3);
  EXPECT_EQ(a.get_if<PackAttributes>(), nullptr);
  EXPECT_EQ(a.edit<PackAttributes>(), nullptr);
  Attributes const before = a;
  a.edit<SplitAttributes>()->count = 4;
  EXPECT_EQ(before.get<SplitAttributes>().count, 3) << "a copy is not edited";
  EXPECT_NE(a, before);
}

TEST(Attributes, OfEveryOpAreComparedHashedAndEditedByField) {
  std::set<const AttributeType*> seen;
  for (const OpDef* def : all_ops()) {
    if (!def->attributes || !seen.insert(def->attributes).second) continue;
    SCOPED_TRACE(def->name);
    Attributes const made = def->attributes->make();
    EXPECT_EQ(made.type(), def->attributes);
    EXPECT_EQ(made, def->attributes->make());
    EXPECT_EQ(hash(made), hash(def->attributes->make()));
    for (const AttributeField& field : def->attributes->fields) {
      SCOPED_TRACE(field.name);
      FieldValue const value = another(field, field.get(made));
      Attributes changed = made;
      ASSERT_TRUE(set_field(changed, field.name, value));
      EXPECT_EQ(field.get(changed), value);
      EXPECT_NE(changed, made);
      EXPECT_NE(hash(changed), hash(made));
      EXPECT_NE(print(changed), print(made));
      EXPECT_EQ(def->attributes->field(field.name), &field);
    }
  }
  EXPECT_GT(seen.size(), 30U);
}

TEST(Attributes, RefuseWhatAFieldDoesNotTake) {
  Attributes a = Conv2dAttributes{};
  auto refusal = [&](const char* name, const FieldValue& value) {
    auto const done = set_field(a, name, value);
    return done ? std::string() : done.error().what;
  };
  EXPECT_EQ(refusal("stride", int64_t{2}), "the op has no attribute 'stride'");
  EXPECT_EQ(refusal("stride_h", 2.0f), "attribute 'stride_h' is an integer, not a number");
  EXPECT_EQ(refusal("padding", int64_t{7}), "attribute 'padding' has no value 7");
  EXPECT_EQ(a, Attributes(Conv2dAttributes{}));
}

TEST(Attributes, CompareRealNumbers) {
  Attributes const nan = LeakyReluAttributes{.alpha = NAN}, zero = LeakyReluAttributes{.alpha = 0.0f};
  EXPECT_EQ(nan, Attributes(LeakyReluAttributes{.alpha = NAN}));
  Attributes const minus_zero = LeakyReluAttributes{.alpha = -0.0f};
  EXPECT_EQ(zero, minus_zero);  // a .tflite file cannot tell the two apart
  EXPECT_EQ(hash(zero), hash(minus_zero));
}

}  // namespace
}  // namespace narrow
