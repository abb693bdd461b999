// A small .tflite file that has a bit of everything, as native tables of the format: for tests that damage it and for
// fuzz targets.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "tflite/format.h"

namespace narrow {

/// Places of the tensors in the first graph of `small_file`.
enum SmallTensor {
  kX,         // the input, float32 [1, 4, 4, 2]
  kPooled,    // [1, 2, 2, 2]
  kNewShape,  // constant {1, 8}
  kFlat,      // [1, 8]
  kAddend,    // constant [8]
  kSum,       // [1, 8]
  kAxis,      // constant {1}
  kMean,      // [1, 1], an output
  kCodes,     // int8 [1, 8]
  kWeights,   // int8 constant [4, 8], four scales
  kBias,      // int32 constant [4], four scales
  kDense,     // int8 [1, 4]
  kCustom,    // int8 [1, 4], an output
  kChoice,    // boolean constant
  kBranch,    // [1, 8], an output
};

/// Places of the ops in the first graph.
enum SmallOp { kPool, kReshapeOp, kAddOp, kMeanOp, kQuantizeOp, kFullOp, kCustomOp, kIfOp };

class SmallFile {
 public:
  format::ModelT model;

  SmallFile() {
    model.version = 3;
    model.description = "small";
    model.buffers.push_back(std::make_unique<format::BufferT>());
    add_main();
    add_branch("then");
    add_branch("else");
    add_signature();
    auto note = std::make_unique<format::MetadataT>();
    note->name = "note";
    note->buffer = buffer(std::vector<char>{'h', 'i'});
    model.metadata.push_back(std::move(note));
  }

  format::SubGraphT& graph(size_t i = 0) { return *model.subgraphs[i]; }
  format::TensorT& tensor(size_t i) { return *graph().tensors[i]; }
  format::OperatorT& op(size_t i) { return *graph().operators[i]; }
  format::OperatorCodeT& code(size_t op_index) { return *model.operator_codes[op(op_index).opcode_index]; }
  /// The data of a constant of the first graph.
  std::vector<uint8_t>& data(size_t i) { return model.buffers[tensor(i).buffer]->data; }

  template <class T>
  uint32_t buffer(const std::vector<T>& values) {
    auto b = std::make_unique<format::BufferT>();
    auto const* p = reinterpret_cast<const uint8_t*>(values.data());
    b->data.assign(p, p + values.size() * sizeof(T));
    model.buffers.push_back(std::move(b));
    return static_cast<uint32_t>(model.buffers.size() - 1);
  }

  /// Sets the values of a constant of the first graph.
  template <class T>
  void set(size_t i, const std::vector<T>& values) {
    tensor(i).buffer = buffer(values);
  }

  Bytes bytes() const {
    flatbuffers::FlatBufferBuilder builder;
    format::FinishModelBuffer(builder, format::Model::Pack(builder, &model));
    auto const* p = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
    return Bytes(p, p + builder.GetSize());
  }

  static int add_tensor(format::SubGraphT& g, const std::string& name, std::vector<int32_t> shape,
                        format::TensorType type = format::TensorType::FLOAT32, uint32_t values = 0) {
    auto t = std::make_unique<format::TensorT>();
    t->name = name;
    t->shape = std::move(shape);
    t->type = type;
    t->buffer = values;
    t->has_rank = true;
    g.tensors.push_back(std::move(t));
    return static_cast<int>(g.tensors.size() - 1);
  }

  format::OperatorT& add_op(format::SubGraphT& g, format::BuiltinOperator builtin, std::vector<int> inputs,
                            std::vector<int> outputs, const std::string& custom = "") {
    auto code = std::make_unique<format::OperatorCodeT>();
    code->builtin_code = builtin;
    code->deprecated_builtin_code = static_cast<int8_t>(std::min(static_cast<int>(builtin), 127));
    code->custom_code = custom;
    model.operator_codes.push_back(std::move(code));
    auto op = std::make_unique<format::OperatorT>();
    op->opcode_index = static_cast<uint32_t>(model.operator_codes.size() - 1);
    op->inputs = std::move(inputs);
    op->outputs = std::move(outputs);
    g.operators.push_back(std::move(op));
    return *g.operators.back();
  }

 private:
  static void quantize(format::TensorT& t, std::vector<float> scales, int64_t zero_point) {
    t.quantization = std::make_unique<format::QuantizationParametersT>();
    t.quantization->zero_point.assign(scales.size(), zero_point);
    t.quantization->scale = std::move(scales);
  }

  void add_main() {
    using format::TensorType;
    model.subgraphs.push_back(std::make_unique<format::SubGraphT>());
    format::SubGraphT& g = graph();
    g.name = "main";
    add_tensor(g, "x", {1, 4, 4, 2});
    add_tensor(g, "pooled", {1, 2, 2, 2});
    add_tensor(g, "new_shape", {2}, TensorType::INT32, buffer(std::vector<int32_t>{1, 8}));
    add_tensor(g, "flat", {1, 8});
    add_tensor(g, "addend", {8}, TensorType::FLOAT32, buffer(std::vector<float>(8, 0.5F)));
    add_tensor(g, "sum", {1, 8});
    add_tensor(g, "axis", {1}, TensorType::INT32, buffer(std::vector<int32_t>{1}));
    add_tensor(g, "mean", {1, 1});
    add_tensor(g, "codes", {1, 8}, TensorType::INT8);
    add_tensor(g, "weights", {4, 8}, TensorType::INT8, buffer(std::vector<int8_t>(32, 3)));
    add_tensor(g, "bias", {4}, TensorType::INT32, buffer(std::vector<int32_t>{1, 2, 3, 4}));
    add_tensor(g, "dense", {1, 4}, TensorType::INT8);
    add_tensor(g, "custom", {1, 4}, TensorType::INT8);
    add_tensor(g, "choice", {}, TensorType::BOOL, buffer(std::vector<uint8_t>{1}));
    add_tensor(g, "branch", {1, 8});
    quantize(tensor(kCodes), {0.1F}, -3);
    quantize(tensor(kWeights), {0.1F, 0.2F, 0.3F, 0.4F}, 0);
    quantize(tensor(kBias), {0.01F, 0.02F, 0.03F, 0.04F}, 0);
    quantize(tensor(kDense), {0.2F}, 5);
    quantize(tensor(kCustom), {0.2F}, 5);
    g.inputs = {kX};
    g.outputs = {kMean, kCustom, kBranch};
    add_ops(g);
  }

  void add_ops(format::SubGraphT& g) {
    using format::BuiltinOperator;
    format::Pool2DOptionsT pool;
    pool.padding = format::Padding::VALID;
    pool.stride_h = pool.stride_w = pool.filter_height = pool.filter_width = 2;
    add_op(g, BuiltinOperator::AVERAGE_POOL_2D, {kX}, {kPooled}).builtin_options.Set(std::move(pool));
    add_op(g, BuiltinOperator::RESHAPE, {kPooled, kNewShape}, {kFlat});
    add_op(g, BuiltinOperator::ADD, {kFlat, kAddend}, {kSum}).builtin_options.Set(format::AddOptionsT());
    format::ReducerOptionsT reduce;
    reduce.keep_dims = true;
    add_op(g, BuiltinOperator::MEAN, {kSum, kAxis}, {kMean}).builtin_options.Set(std::move(reduce));
    add_op(g, BuiltinOperator::QUANTIZE, {kSum}, {kCodes});
    add_op(g, BuiltinOperator::FULLY_CONNECTED, {kCodes, kWeights, kBias}, {kDense})
        .builtin_options.Set(format::FullyConnectedOptionsT());
    add_op(g, BuiltinOperator::CUSTOM, {kDense}, {kCustom}, "mine").custom_options = {1, 2, 3};
    format::IfOptionsT choose;
    choose.then_subgraph_index = 1;
    choose.else_subgraph_index = 2;
    add_op(g, BuiltinOperator::IF, {kChoice, kSum}, {kBranch}).builtin_options.Set(std::move(choose));
  }

  void add_branch(const std::string& name) {
    model.subgraphs.push_back(std::make_unique<format::SubGraphT>());
    format::SubGraphT& g = *model.subgraphs.back();
    g.name = name;
    add_tensor(g, "a", {1, 8});
    add_tensor(g, "b", {1, 8});
    g.inputs = {0};
    g.outputs = {1};
    add_op(g, format::BuiltinOperator::ADD, {0, 0}, {1}).builtin_options.Set(format::AddOptionsT());
  }

  void add_signature() {
    auto name = [](const std::string& text, uint32_t t) {
      auto map = std::make_unique<format::TensorMapT>();
      map->name = text;
      map->tensor_index = t;
      return map;
    };
    auto s = std::make_unique<format::SignatureDefT>();
    s->signature_key = "serving_default";
    s->inputs.push_back(name("x", kX));
    s->outputs.push_back(name("mean", kMean));
    s->outputs.push_back(name("custom", kCustom));
    model.signature_defs.push_back(std::move(s));
  }
};

}  // namespace narrow
