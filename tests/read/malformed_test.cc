// Files that lie, one lie each: all are refused with the kind and the words that tell the reader what is wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <ostream>

#include "read/read.h"
#include "small_file.h"

namespace narrow {
namespace {

using Kind = ErrorKind;
using Edit = void (*)(SmallFile&);

struct Case {
  const char* name;
  Kind kind;
  const char* phrase;  // in the message or its place
  Edit edit;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

format::Pool2DOptionsT& pool(SmallFile& f) {
  return *f.op(kPool).builtin_options.AsPool2DOptions();
}
format::IfOptionsT& branch(SmallFile& f) {
  return *f.op(kIfOp).builtin_options.AsIfOptions();
}
template <class T>
T out_of_format(int value) {
  return static_cast<T>(value);
}

constexpr Case kCases[] = {
    // The file and its tables.
    {"version", Kind::unsupported, "schema version 2", [](SmallFile& f) { f.model.version = 2; }},
    {"no_graph", Kind::bad_file, "no graph", [](SmallFile& f) { f.model.subgraphs.clear(); }},
    {"unknown_operator", Kind::unsupported, "operator code 300",
     [](SmallFile& f) { f.code(kAddOp).builtin_code = out_of_format<format::BuiltinOperator>(300); }},
    {"composite_without_options", Kind::bad_file, "no options", [](SmallFile& f) {
       f.add_op(f.graph(), format::BuiltinOperator::STABLEHLO_COMPOSITE, {kSum}, {});
     }},
    {"custom_without_name", Kind::bad_file, "no name", [](SmallFile& f) { f.code(kCustomOp).custom_code.clear(); }},
    {"operator_index", Kind::bad_file, "op 0", [](SmallFile& f) { f.op(kPool).opcode_index = 99; }},
    {"buffer_index", Kind::bad_file, "no buffer 999", [](SmallFile& f) { f.tensor(kAddend).buffer = 999; }},
    {"buffer_outside", Kind::bad_file, "beyond the end",
     [](SmallFile& f) {
       f.model.buffers[1]->data.clear();
       f.model.buffers[1]->offset = 1 << 20;
       f.model.buffers[1]->size = 8;
     }},
    {"buffer_size_wraps", Kind::bad_file, "beyond the end",
     [](SmallFile& f) {
       f.model.buffers[1]->data.clear();
       f.model.buffers[1]->offset = 16;
       f.model.buffers[1]->size = ~uint64_t{0} - 8;
     }},
    {"options_outside", Kind::bad_file, "beyond the end",
     [](SmallFile& f) {
       f.op(kCustomOp).large_custom_options_offset = 1 << 20;
       f.op(kCustomOp).large_custom_options_size = 1;
     }},
    {"metadata_index", Kind::bad_file, "metadata 'note'", [](SmallFile& f) { f.model.metadata[0]->buffer = 77; }},
    {"metadata_name", Kind::bad_file, "metadata 'a?b'",
     [](SmallFile& f) {
       f.model.metadata[0]->name = "a\nb";
       f.model.metadata[0]->buffer = 77;
     }},
    {"metadata_list", Kind::bad_file, "list of metadata", [](SmallFile& f) { f.model.metadata_buffer = {-5}; }},
    // R2, R10: shapes.
    {"element_type", Kind::unsupported, "element type 60",
     [](SmallFile& f) { f.tensor(kX).type = out_of_format<format::TensorType>(60); }},
    {"negative_dimension", Kind::bad_file, "negative dimension -2",
     [](SmallFile& f) { f.tensor(kX).shape = {1, -2, 4, 2}; }},
    {"nine_dimensions", Kind::limit_exceeded, "9 dimensions",
     [](SmallFile& f) { f.tensor(kX).shape = std::vector<int32_t>(9, 1); }},
    {"too_many_elements", Kind::limit_exceeded, "elements",
     [](SmallFile& f) { f.tensor(kX).shape = {65536, 65536, 65536, 65536}; }},
    {"too_many_beside_zero", Kind::limit_exceeded, "elements",
     [](SmallFile& f) { f.tensor(kX).shape = {0, 2147483647, 2147483647, 2}; }},
    {"signature_rank", Kind::bad_file, "shape signature", [](SmallFile& f) { f.tensor(kX).shape_signature = {-1, 4}; }},
    {"result_shape", Kind::bad_file, "must have [1, 2, 2, 2]",
     [](SmallFile& f) { f.tensor(kPooled).shape = {1, 2, 4, 1}; }},
    {"result_rank", Kind::bad_file, "must have", [](SmallFile& f) { f.tensor(kFlat).shape = {8}; }},
    {"no_broadcast", Kind::bad_file, "broadcast",
     [](SmallFile& f) {
       f.tensor(kAddend).shape = {3};
       f.set(kAddend, std::vector<float>(3));
     }},
    {"branch_shape", Kind::bad_file, "graph 1", [](SmallFile& f) { f.graph(1).tensors[1]->shape = {8, 1}; }},
    // R3: values.
    {"values_short", Kind::bad_file, "needs 32", [](SmallFile& f) { f.data(kAddend).resize(28); }},
    {"values_long", Kind::bad_file, "needs 32", [](SmallFile& f) { f.data(kAddend).resize(36); }},
    {"values_absent", Kind::bad_file, "no value", [](SmallFile& f) { f.tensor(kAddend).buffer = 0; }},
    {"values_of_input", Kind::bad_file, "an input is a constant",
     [](SmallFile& f) { f.set(kX, std::vector<float>(32)); }},
    {"values_of_result", Kind::bad_file, "a result is a constant",
     [](SmallFile& f) { f.set(kSum, std::vector<float>(8)); }},
    {"values_of_variable", Kind::bad_file, "keeps its value", [](SmallFile& f) { f.tensor(kAddend).is_variable = true; }},
    {"variable_result", Kind::bad_file, "a variable", [](SmallFile& f) { f.tensor(kSum).is_variable = true; }},
    // R4: the graph.
    {"operand_index", Kind::bad_file, "tensor 99", [](SmallFile& f) { f.op(kAddOp).inputs[1] = 99; }},
    {"operand_index_huge", Kind::bad_file, "an operand",
     [](SmallFile& f) { f.op(kAddOp).inputs[1] = std::numeric_limits<int>::max(); }},
    {"operand_index_negative", Kind::bad_file, "tensor -2", [](SmallFile& f) { f.op(kAddOp).inputs[1] = -2; }},
    {"operand_of_unknown_op", Kind::bad_file, "(mine)", [](SmallFile& f) { f.op(kCustomOp).inputs[0] = 15; }},
    {"result_index", Kind::bad_file, "a result is tensor 99", [](SmallFile& f) { f.op(kAddOp).outputs[0] = 99; }},
    {"result_index_negative", Kind::bad_file, "tensor -7", [](SmallFile& f) { f.op(kAddOp).outputs[0] = -7; }},
    {"intermediate_index", Kind::bad_file, "an intermediate", [](SmallFile& f) { f.op(kFullOp).intermediates = {44}; }},
    {"input_index", Kind::bad_file, "an input is tensor 88", [](SmallFile& f) { f.graph().inputs = {88}; }},
    {"input_left_out", Kind::bad_file, "an input is tensor -1", [](SmallFile& f) { f.graph().inputs = {-1}; }},
    {"input_twice", Kind::bad_file, "listed twice", [](SmallFile& f) { f.graph().inputs = {kX, kX}; }},
    {"output_index", Kind::bad_file, "an output is tensor 88", [](SmallFile& f) { f.graph().outputs = {88}; }},
    {"output_left_out", Kind::bad_file, "an output is tensor -1", [](SmallFile& f) { f.graph().outputs = {-1}; }},
    {"output_never_computed", Kind::bad_file, "never computed",
     [](SmallFile& f) {
       f.graph().operators.pop_back();
     }},
    {"order", Kind::bad_file, "no value when the op runs",
     [](SmallFile& f) { std::swap(f.graph().operators[kPool], f.graph().operators[kReshapeOp]); }},
    {"cycle", Kind::bad_file, "no value when the op runs", [](SmallFile& f) { f.op(kPool).inputs[0] = kBranch; }},
    {"own_result", Kind::bad_file, "no value when the op runs", [](SmallFile& f) { f.op(kAddOp).inputs[0] = kSum; }},
    {"in_place", Kind::bad_file, "operand of the same op", [](SmallFile& f) { f.op(kMeanOp).outputs[0] = kSum; }},
    {"two_producers", Kind::bad_file, "also that of another op", [](SmallFile& f) { f.op(kMeanOp).outputs[0] = kFlat; }},
    {"same_result_twice", Kind::bad_file, "also that of another op",
     [](SmallFile& f) { f.op(kCustomOp).outputs = {kCustom, kCustom}; }},
    {"writes_input", Kind::bad_file, "input of the graph", [](SmallFile& f) { f.op(kMeanOp).outputs[0] = kX; }},
    {"operand_left_out", Kind::bad_file, "left out", [](SmallFile& f) { f.op(kAddOp).inputs[1] = -1; }},
    {"operand_of_a_list_left_out", Kind::bad_file, "left out",
     [](SmallFile& f) {
       int const out = SmallFile::add_tensor(f.graph(), "joined", {1}, format::TensorType::FLOAT32);
       f.add_op(f.graph(), format::BuiltinOperator::CONCATENATION, {kX, -1}, {out});
     }},
    {"result_left_out", Kind::bad_file, "left out",
     [](SmallFile& f) {
       f.op(kMeanOp).outputs[0] = -1;
       f.graph().outputs = {kBranch};
       f.model.signature_defs.clear();
     }},
    {"too_few_operands", Kind::bad_file, "1 operands", [](SmallFile& f) { f.op(kAddOp).inputs.pop_back(); }},
    {"too_many_operands", Kind::bad_file, "3 operands", [](SmallFile& f) { f.op(kAddOp).inputs.push_back(kAxis); }},
    {"no_operands", Kind::bad_file, "0 operands", [](SmallFile& f) { f.op(kAddOp).inputs.clear(); }},
    {"no_results", Kind::bad_file, "0 results",
     [](SmallFile& f) {
       f.graph(1).operators[0]->outputs.clear();
       f.graph(1).outputs.clear();
     }},
    {"two_results", Kind::bad_file, "2 results",
     [](SmallFile& f) {
       SmallFile::add_tensor(f.graph(), "more", {1, 1});
       f.op(kMeanOp).outputs.push_back(kBranch + 1);
     }},
    // R1: axes.
    {"axis_too_large", Kind::bad_file, "axis 2", [](SmallFile& f) { f.set(kAxis, std::vector<int32_t>{2}); }},
    {"axis_too_small", Kind::bad_file, "axis -3", [](SmallFile& f) { f.set(kAxis, std::vector<int32_t>{-3}); }},
    {"axis_extreme", Kind::bad_file, "axis -2147483648",
     [](SmallFile& f) { f.set(kAxis, std::vector<int32_t>{std::numeric_limits<int32_t>::min()}); }},
    // R7, R8: divisors and empty operands.
    {"stride_zero", Kind::bad_file, "must all be positive", [](SmallFile& f) { pool(f).stride_h = 0; }},
    {"stride_negative", Kind::bad_file, "must all be positive", [](SmallFile& f) { pool(f).stride_w = -1; }},
    {"filter_zero", Kind::bad_file, "must all be positive", [](SmallFile& f) { pool(f).filter_height = 0; }},
    {"filter_negative", Kind::bad_file, "must all be positive", [](SmallFile& f) { pool(f).filter_width = -2147483647; }},
    {"filter_too_large", Kind::bad_file, "does not fit", [](SmallFile& f) { pool(f).filter_height = 5; }},
    {"empty_image", Kind::bad_file, "does not fit", [](SmallFile& f) { f.tensor(kX).shape = {1, 0, 4, 2}; }},
    {"image_rank", Kind::bad_file, "op 0 (AVERAGE_POOL_2D)", [](SmallFile& f) { f.tensor(kX).shape = {4, 8}; }},
    // Options.
    {"padding_word", Kind::bad_file, "value 7", [](SmallFile& f) { pool(f).padding = out_of_format<format::Padding>(7); }},
    {"activation_word", Kind::bad_file, "value 66",
     [](SmallFile& f) {
       pool(f).fused_activation_function = out_of_format<format::ActivationFunctionType>(66);
     }},
    {"bias_type_word", Kind::bad_file, "value -3",
     [](SmallFile& f) {
       f.op(kFullOp).builtin_options.AsFullyConnectedOptions()->quantized_bias_type =
           out_of_format<format::TensorType>(-3);
     }},
    {"other_options", Kind::bad_file, "another op's",
     [](SmallFile& f) { f.op(kPool).builtin_options.Set(format::AddOptionsT()); }},
    {"new_shape_option_long", Kind::limit_exceeded, "lists 20 dimensions",
     [](SmallFile& f) {
       format::ReshapeOptionsT o;
       o.new_shape.assign(20, 1);
       f.op(kReshapeOp).builtin_options.Set(std::move(o));
     }},
    // R2, R10: new shapes.
    {"reshape_elements", Kind::bad_file, "cannot become", [](SmallFile& f) { f.set(kNewShape, std::vector<int32_t>{1, 9}); }},
    {"reshape_two_free", Kind::bad_file, "more than one -1",
     [](SmallFile& f) { f.set(kNewShape, std::vector<int32_t>{-1, -1}); }},
    {"reshape_negative", Kind::bad_file, "negative", [](SmallFile& f) { f.set(kNewShape, std::vector<int32_t>{-4, -2}); }},
    {"reshape_overflow", Kind::limit_exceeded, "elements",
     [](SmallFile& f) { f.set(kNewShape, std::vector<int32_t>{2147483647, 2147483647}); }},
    {"reshape_zero", Kind::bad_file, "cannot become", [](SmallFile& f) { f.set(kNewShape, std::vector<int32_t>{0, -1}); }},
    // R9: graphs that run graphs.
    {"body_index", Kind::bad_file, "runs graph 3", [](SmallFile& f) { branch(f).then_subgraph_index = 3; }},
    {"body_negative", Kind::bad_file, "runs graph -1", [](SmallFile& f) { branch(f).else_subgraph_index = -1; }},
    {"runs_itself", Kind::bad_file, "runs itself", [](SmallFile& f) { branch(f).then_subgraph_index = 0; }},
    {"run_each_other", Kind::bad_file, "runs itself",
     [](SmallFile& f) {
       format::CallOptionsT call;
       call.subgraph = 0;
       f.graph(1).operators.clear();
       f.add_op(f.graph(1), format::BuiltinOperator::CALL, {0}, {1}).builtin_options.Set(std::move(call));
     }},
    {"nested_deep", Kind::limit_exceeded, "deep",
     [](SmallFile& f) {
       for (uint32_t g = 1; g < 12; ++g) {
         format::CallOptionsT call;
         call.subgraph = g + 1;
         if (g > 2) f.model.subgraphs.push_back(std::make_unique<format::SubGraphT>());
         f.graph(g).operators.clear();
         f.graph(g).outputs.clear();
         f.add_op(f.graph(g), format::BuiltinOperator::CALL, {}, {}).builtin_options.Set(std::move(call));
       }
       f.model.subgraphs.push_back(std::make_unique<format::SubGraphT>());
     }},
    {"signature_graph", Kind::bad_file, "of graph 9", [](SmallFile& f) { f.model.signature_defs[0]->subgraph_index = 9; }},
    {"signature_graph_huge", Kind::bad_file, "signature 'serving_default'",
     [](SmallFile& f) { f.model.signature_defs[0]->subgraph_index = 0xFFFFFFFF; }},
    {"signature_input", Kind::bad_file, "no input", [](SmallFile& f) { f.model.signature_defs[0]->inputs[0]->tensor_index = kSum; }},
    {"signature_output", Kind::bad_file, "no output",
     [](SmallFile& f) { f.model.signature_defs[0]->outputs[0]->tensor_index = 0xFFFFFFFF; }},
    // R11: quantization.
    {"scale_zero", Kind::bad_file, "its scale is 0", [](SmallFile& f) { f.tensor(kCodes).quantization->scale = {0}; }},
    {"scale_negative", Kind::bad_file, "not a positive", [](SmallFile& f) { f.tensor(kCodes).quantization->scale = {-1}; }},
    {"scale_nan", Kind::bad_file, "not a positive", [](SmallFile& f) { f.tensor(kCodes).quantization->scale = {kNaN}; }},
    {"scale_infinite", Kind::bad_file, "not a positive",
     [](SmallFile& f) { f.tensor(kWeights).quantization->scale[3] = kInfinity; }},
    {"zero_point_high", Kind::bad_file, "outside of int8", [](SmallFile& f) { f.tensor(kCodes).quantization->zero_point = {128}; }},
    {"zero_point_low", Kind::bad_file, "outside of int8", [](SmallFile& f) { f.tensor(kCodes).quantization->zero_point = {-129}; }},
    {"zero_point_wide", Kind::bad_file, "outside of int32",
     [](SmallFile& f) { f.tensor(kBias).quantization->zero_point[2] = int64_t{1} << 40; }},
    {"zero_points_missing", Kind::bad_file, "4 scales and 3",
     [](SmallFile& f) { f.tensor(kWeights).quantization->zero_point.pop_back(); }},
    {"zero_points_alone", Kind::bad_file, "1 scales and 2",
     [](SmallFile& f) { f.tensor(kCodes).quantization->zero_point = {1, 2}; }},
    {"scales_missing", Kind::bad_file, "3 scales",
     [](SmallFile& f) {
       f.tensor(kWeights).quantization->scale.pop_back();
       f.tensor(kWeights).quantization->zero_point.pop_back();
     }},
    {"axis_of_scales", Kind::bad_file, "4 scales for the 8",
     [](SmallFile& f) { f.tensor(kWeights).quantization->quantized_dimension = 1; }},
    {"axis_of_scales_outside", Kind::bad_file, "quantized axis 2",
     [](SmallFile& f) { f.tensor(kWeights).quantization->quantized_dimension = 2; }},
    {"axis_of_scales_negative", Kind::bad_file, "quantized axis -1",
     [](SmallFile& f) { f.tensor(kWeights).quantization->quantized_dimension = -1; }},
    {"scales_of_scalar", Kind::bad_file, "quantized axis 0",
     [](SmallFile& f) {
       f.tensor(kWeights).shape = {};
       f.set(kWeights, std::vector<int8_t>{1});
     }},
};

class Malformed : public testing::TestWithParam<Case> {};

TEST_P(Malformed, IsRefused) {
  SmallFile file;
  GetParam().edit(file);
  auto const model = read_model(SharedBytes(file.bytes()), "small.tflite");
  ASSERT_FALSE(model);
  const Error& e = model.error();
  EXPECT_EQ(e.kind, GetParam().kind) << e.what << " (" << e.where << ")";
  EXPECT_NE((e.what + " (" + e.where + ")").find(GetParam().phrase), std::string::npos)
      << e.what << " (" << e.where << ")";
  EXPECT_NE(e.where.find("small.tflite"), std::string::npos) << e.where;
  EXPECT_EQ((e.what + e.where + e.remedy).find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Files, Malformed, testing::ValuesIn(kCases),
                         [](const auto& c) { return std::string(c.param.name); });

TEST(SmallFile, IsTakenAsItIs) {
  auto const model = read_model(SharedBytes(SmallFile().bytes()), "small.tflite");
  EXPECT_TRUE(model) << model.error().what << " (" << model.error().where << ")";
}

TEST(ReadModel, RefusesEveryTruncation) {
  Bytes const whole = SmallFile().bytes();
  for (size_t n = 0; n < whole.size(); ++n) {
    auto const model = read_model(SharedBytes(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(n))), "cut");
    if (!model) {
      EXPECT_TRUE(model.error().kind == Kind::bad_file || model.error().kind == Kind::unsupported) << n;
    }
    // What is cut off may be the padding behind the last part.
    EXPECT_TRUE(!model || whole.size() - n < 16) << n;
  }
}

TEST(ReadModel, AnswersEveryChangedByte) {
  Bytes const whole = SmallFile().bytes();
  for (size_t n = 0; n < whole.size(); ++n)
    for (unsigned change : {0x01U, 0x80U, 0xFFU}) {
      Bytes changed = whole;
      changed[n] ^= static_cast<std::byte>(change);
      auto const model = read_model(SharedBytes(std::move(changed)), "changed");
      if (!model) {
        EXPECT_NE(model.error().kind, Kind::internal) << n;
      }
    }
}

TEST(ReadModel, SaysWhatIsWrongInTheWordsOfTheFormat) {
  auto refusal = [](std::string bytes) {
    auto model = read_model(SharedBytes::copy_of(std::span<const char>(bytes)), "file");
    return model ? std::string() : std::string(to_string(model.error().kind)) + ": " + model.error().what;
  };
  EXPECT_EQ(refusal(std::string("\x89HDF\r\n\x1a\n")), "bad_file: the HDF5 file is damaged");
  EXPECT_EQ(refusal(std::string("PK\x03\x04") + "rest"), "bad_file: not a valid .zip file: the end record is missing");
  EXPECT_EQ(refusal(std::string("\x08\x08\x12\x07pytorch")), "bad_file: the ONNX model has no graph");
  EXPECT_EQ(refusal(std::string("\x0a\x2a\x0a\x07input_1")), "bad_file: this is no GraphDef, or a damaged one");
  EXPECT_EQ(refusal(""), "bad_file: the file is empty");
  EXPECT_EQ(refusal("hello, world"), "bad_file: this is not a model in a format known here");
}

TEST(ReadModel, SaysWhyAFileCannotBeOpened) {
  auto const absent = read_model("/nonexistent/model.tflite");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, Kind::io);
  EXPECT_EQ(absent.error().where, "/nonexistent/model.tflite");
  auto const device = read_model("/dev/null");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().kind, Kind::io);
  auto const folder = read_model("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, Kind::io);
}

TEST(ReadModel, NamesASavedModel) {
  std::filesystem::path const folder = std::filesystem::path(testing::TempDir()) / "narrow_saved_model";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "saved_model.pb") << "x";
  auto const model = read_model(folder);
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, Kind::bad_file);
}

}  // namespace
}  // namespace narrow
