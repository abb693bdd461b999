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

  /// Adds what narrow only carries: a sparse constant, quantization in blocks, a StableHLO op, external buffers, debug
  /// indices, a custom op's mutated operand, an old list of metadata.
  void add_passthrough_parts() {
    format::SubGraphT& g = graph();
    g.debug_metadata_index = 4;
    auto const sparse = static_cast<size_t>(
        add_tensor(g, "sparse", {2, 4}, format::TensorType::FLOAT32, buffer(std::vector<float>{1, 2, 3})));
    tensor(sparse).sparsity = std::make_unique<format::SparsityParametersT>();
    tensor(sparse).sparsity->traversal_order = {0, 1};
    tensor(sparse).sparsity->dim_metadata.push_back(std::make_unique<format::DimensionMetadataT>());
    auto rows = std::make_unique<format::DimensionMetadataT>();
    rows->format = format::DimensionType::SPARSE_CSR;
    format::Uint8VectorT segments, indices;
    segments.values = {0, 1, 3};
    indices.values = {2, 0, 3};
    rows->array_segments.Set(std::move(segments));
    rows->array_indices.Set(std::move(indices));
    tensor(sparse).sparsity->dim_metadata.push_back(std::move(rows));
    auto const blocks = static_cast<size_t>(
        add_tensor(g, "blocks", {2, 4}, format::TensorType::INT8, buffer(std::vector<int8_t>(8, 7))));
    format::BlockwiseQuantizationT details;
    details.scales = kAddend;
    details.block_size = 4;
    tensor(blocks).quantization = std::make_unique<format::QuantizationParametersT>();
    tensor(blocks).quantization->details.Set(std::move(details));
    int const far = add_tensor(g, "far", {2, 4});
    tensor(static_cast<size_t>(far)).external_buffer = 1;
    int const sliced = add_tensor(g, "sliced", {1, 4});
    format::StablehloSliceOptionsT slice;
    slice.start_indices = {0, 0};
    slice.limit_indices = {1, 4};
    slice.strides = {1, 1};
    auto& op = add_op(g, format::BuiltinOperator::STABLEHLO_SLICE,
                      {static_cast<int>(sparse), static_cast<int>(blocks), far}, {sliced});
    op.builtin_options_2.Set(std::move(slice));
    op.mutating_variable_inputs = {false, true, false};
    op.debug_metadata_index = 9;
    model.external_buffer_groups.push_back(std::make_unique<format::ExternalBufferGroupT>());
    model.external_buffer_groups[0]->name = "weights.bin";
    model.external_buffers.push_back(std::make_unique<format::ExternalBufferT>());
    model.external_buffers[0]->id = 1;
    model.external_buffers[0]->length = 32;
    model.signature_defs[0]->deprecated_tag = "serve";
    model.metadata_buffer = {static_cast<int32_t>(model.metadata[0]->buffer)};
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
