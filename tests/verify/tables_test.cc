// The tables of runtimes: well-formed, and rows and rules read as documented.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <string>
#include <tuple>

#include "one_op.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "verify/forms.h"
#include "verify/runtime.h"
#include "verify/verify.h"

namespace narrow {
namespace {

TEST(VerifyTables, RowsAreSortedAndInTheNotation) {
  for (const RuntimeDef* runtime : all_runtimes()) {
    SCOPED_TRACE(runtime->name);
    for (size_t i = 0; i < runtime->rows.size(); ++i) {
      const OpRow& row = runtime->rows[i];
      EXPECT_TRUE(parse_forms(row.forms)) << row.op << ": " << row.forms;
      if (i > 0) {
        EXPECT_LT(std::string(runtime->rows[i - 1].op), row.op);
      }
      EXPECT_LE(row.versions.least, row.versions.most) << row.op;
      EXPECT_EQ(find_row(*runtime, row.op), &row);
    }
  }
}

TEST(VerifyTables, LiteRtKnowsTheVersionsThatAreWritten) {
  for (const OpDef* def : all_ops()) {
    const OpRow* row = find_row(kLiteRt, def->name);
    if (!row) continue;  // CALL, and ops of narrow alone: registry_test.cc
    const QuantRule& q = def->quant;
    EXPECT_GE(row->versions.most, q.versions.float32) << def->name;
    for (auto const& [has_form, type, version] :
         {std::tuple{q.int8, "i8", q.versions.int8}, {q.int16, "i16", q.versions.int16}}) {
      std::string const forms = row->forms;
      bool const written = has_form && forms.find(type) != std::string::npos;
      EXPECT_LE(written ? version : 0, row->versions.most) << def->name << " " << type;
    }
    EXPECT_LE(q.versions.dynamic, row->versions.most) << def->name;
  }
}

TEST(VerifyTables, EdgeTpuOpsAreLiteRts) {
  for (const OpRow& row : kEdgeTpu.rows) EXPECT_NE(find_row(kLiteRt, row.op), nullptr) << row.op;
}

/// What is found of an op of this version, the first of it; empty where nothing is.
std::string found(const OneOp& op, const RuntimeDef& runtime, int version = 1) {
  Model m = op.model();
  m.main().ops[0].version = version;
  auto const findings = verify(m, runtime);
  return findings.empty() ? "" : findings.front().what;
}

TEST(VerifyTables, VersionsBesideThoseOfTheRowAreFound) {
  OneOp op(kSub, SubAttributes{});
  op.input<float>(Shape::of({3})).input<float>(Shape::of({3})).result<float>();
  int const most = find_row(kLiteRt, "SUB")->versions.most;
  EXPECT_EQ(found(op, kLiteRt, 1), "");
  EXPECT_EQ(found(op, kLiteRt, most), "");
  EXPECT_EQ(found(op, kLiteRt, most + 1),
            "is version " + std::to_string(most + 1) + " of the op; LiteRT knows 1 to " + std::to_string(most));
  EXPECT_THAT(found(op, kLiteRt, 0), testing::HasSubstr("is version 0"));
  EXPECT_EQ(found(op, kTflm, most + 1), "") << "TensorFlow Lite Micro does not look at versions";
}

TEST(VerifyTables, MicroJoinsTenOperands) {
  auto joined = [](int operands, const RuntimeDef& runtime) {
    OneOp op(kConcatenation, ConcatenationAttributes{});
    for (int i = 0; i < operands; ++i) op.input<float>(Shape::of({1, 2}));
    return found(op.result<float>(), runtime);
  };
  EXPECT_EQ(joined(10, kTflm), "");
  EXPECT_THAT(joined(11, kTflm), testing::HasSubstr("11 operands"));
  EXPECT_EQ(joined(11, kLiteRt), "");
  for (const RuntimeDef* runtime : {&kTflm, &kLiteRt}) {
    OneOp op(kConcatenation, ConcatenationAttributes{.activation = Activation::relu});
    op.input<float>(Shape::of({1, 2})).input<float>(Shape::of({1, 2}));
    EXPECT_THAT(found(op.result<float>(), *runtime), testing::HasSubstr("fused activation")) << runtime->name;
  }
}

TEST(VerifyTables, BiasesOf16BitLayers) {
  auto of = [](const OpDef& def, Attributes attributes, auto bias) {
    Quantization const one = Quantization::of(1, 0);
    OneOp op(def, std::move(attributes));
    op.input<int16_t>(Shape::of({1, 2, 2, 1}), one).constant<int8_t>(Shape::of({1, 1, 1, 1}), {1}, one);
    return op.constant<decltype(bias)>(Shape::of({1}), {1}, one).template result<int16_t>(one);
  };
  for (const RuntimeDef* runtime : {&kTflm, &kLiteRt}) {
    EXPECT_EQ(found(of(kConv2d, Conv2dAttributes{}, int32_t{}), *runtime), "") << runtime->name;
    EXPECT_EQ(found(of(kConv2d, Conv2dAttributes{}, int64_t{}), *runtime), "") << runtime->name;
    EXPECT_EQ(found(of(kDepthwiseConv2d, DepthwiseConv2dAttributes{}, int64_t{}), *runtime), "") << runtime->name;
    EXPECT_NE(found(of(kDepthwiseConv2d, DepthwiseConv2dAttributes{}, int32_t{}), *runtime), "") << runtime->name;
  }
}

TEST(VerifyTables, FormsWithAndWithoutT) {
  auto const forms = parse_forms("f32 i8: T T? -> T; i16 i8 i32|i64* -> bool");
  ASSERT_TRUE(forms);
  ASSERT_EQ(forms->size(), 3u);
  EXPECT_TRUE((*forms)[0].operands[1].optional);
  EXPECT_TRUE((*forms)[2].operands[2].many);
  EXPECT_EQ(type_words((*forms)[2].operands[2].types), "int32 or int64");
  EXPECT_TRUE(holds((*forms)[1].operands[0].types, DType::int8));
  EXPECT_FALSE(holds((*forms)[1].operands[0].types, DType::int32));
  EXPECT_FALSE(parse_forms("f31 -> f32"));
  EXPECT_FALSE(parse_forms("f32 f32"));
  EXPECT_EQ(form_words("f32 i8: T T -> bool"), "float32 int8: T T -> bool");
}

TEST(VerifyTables, BaseRowsHoldWhereThereIsNoOwn) {
  EXPECT_EQ(find_row(kCmsisNn, "DEPTHWISE_CONV_2D"), find_row(kTflm, "DEPTHWISE_CONV_2D"));
  EXPECT_NE(find_row(kCmsisNn, "FULLY_CONNECTED"), find_row(kTflm, "FULLY_CONNECTED"));
  EXPECT_EQ(find_row(kTflm, "TILE"), nullptr);
  EXPECT_EQ(find_runtime("tflite"), nullptr);
}

}  // namespace
}  // namespace narrow
