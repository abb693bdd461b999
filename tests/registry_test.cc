// What each op of the registry must have beside its definition: an encoding in files, and rows in the tables of the
// runtimes. That it runs in random graphs is in quantize/every_op_test.cc, that it has cases for the comparison with
// LiteRT in oracle/single_op_test.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "graph/attribute_type.h"
#include "ops/def/op_def.h"
#include "tflite/codec.h"
#include "tflite/custom_op.h"
#include "verify/runtime.h"

namespace narrow {
namespace {

bool has_codec(const OpDef& def) {
  return find_codec(std::string_view(def.name)) != nullptr;
}

TEST(Registry, IsSortedAndHasEachNameOnce) {
  auto const ops = all_ops();
  for (size_t i = 0; i < ops.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(std::string(ops[i - 1]->name), ops[i]->name);
    }
    EXPECT_EQ(find_op(ops[i]->name), ops[i]);
  }
  EXPECT_GE(ops.size(), 125U);
  EXPECT_EQ(find_op("ADDENDUM"), nullptr);
}

TEST(Registry, EveryOpHasADefinitionThatIsWhole) {
  for (const OpDef* def : all_ops()) {
    SCOPED_TRACE(def->name);
    EXPECT_TRUE(def->infer);
    EXPECT_TRUE(def->lower);
    EXPECT_LE(def->arity.min_inputs, def->arity.max_inputs);
  }
}

TEST(Registry, EveryOpCanBeWritten) {
  std::set<std::string> builtin;
  for (format::BuiltinOperator code : format::EnumValuesBuiltinOperator())
    builtin.insert(format::EnumNameBuiltinOperator(code));
  for (const OpDef* def : all_ops()) {
    SCOPED_TRACE(def->name);
    if (has_codec(*def)) continue;
    EXPECT_FALSE(builtin.contains(def->name)) << "the format has a code for it: add a codec in src/tflite/ops/";
    EXPECT_FALSE(def->check_graphs) << "custom ops cannot run graphs";
    EXPECT_EQ(def->variable, VariableUse::none) << "custom ops cannot keep values";
    Attributes const made = def->attributes ? def->attributes->make() : Attributes();
    auto const read = decode_attributes(encode_attributes(made), def->attributes);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, made);
  }
}

TEST(Registry, EveryCodecIsOfAnOp) {
  for (format::BuiltinOperator code : format::EnumValuesBuiltinOperator())
    if (const Codec* codec = find_codec(code)) {
      EXPECT_NE(find_op(codec->name()), nullptr) << codec->name();
    }
}

/// The ops that a runtime has no kernel for. The table of TFLM with CMSIS-NN is built on TFLM's. The Edge TPU's has a
/// row for each op that its documentation lists, and is complete; narrow's own runner has no table.
struct Lacking {
  const RuntimeDef& runtime;
  std::set<std::string> ops;
};
const Lacking kLacking[] = {
    {kLiteRt, {"CALL"}},
    {kTflm,  // not in micro_mutable_op_resolver.h
     {"ATAN2",
      "BITWISE_XOR",
      "BUCKETIZE",
      "CALL",
      "CONV_3D",
      "CONV_3D_TRANSPOSE",
      "DENSIFY",
      "FAKE_QUANT",
      "GELU",
      "MATRIX_DIAG",
      "MATRIX_SET_DIAG",
      "NON_MAX_SUPPRESSION_V4",
      "NON_MAX_SUPPRESSION_V5",
      "ONE_HOT",
      "POW",
      "RANGE",
      "LOCAL_RESPONSE_NORMALIZATION",
      "RANK",
      "REDUCE_ANY",
      "REDUCE_PROD",
      "RELU_0_TO_1",
      "RELU_N1_TO_1",
      "REVERSE_SEQUENCE",
      "RIGHT_SHIFT",
      "RNN",
      "SCATTER_ND",
      "SEGMENT_SUM",
      "SELECT",
      "SIGN",
      "STABLEHLO_COMPOSITE",
      "TILE",
      "TOPK_V2",
      "UNIDIRECTIONAL_SEQUENCE_RNN",
      "UNIQUE",
      "WHERE"}},
};

TEST(Registry, EveryOpOfTheFormatHasARowForEachRuntimeOrIsNamedAsLacking) {
  for (const auto& [runtime, lacking] : kLacking) {
    SCOPED_TRACE(runtime.name);
    for (const OpDef* def : all_ops()) {
      bool const expected = has_codec(*def) && !lacking.contains(def->name);
      EXPECT_EQ(find_row(runtime, def->name) != nullptr, expected) << def->name;
    }
    for (const std::string& name : lacking) EXPECT_NE(find_op(name), nullptr) << name;
  }
}

TEST(Registry, OpsOfNarrowAloneHaveTheFirstVersion) {
  for (const OpDef* def : all_ops()) {
    if (has_codec(*def)) continue;
    const Versions& v = def->quant.versions;
    EXPECT_EQ(std::max({v.float32, v.int8, v.int16}), 1) << def->name << ": versions are counted by the format";
  }
}

}  // namespace
}  // namespace narrow
