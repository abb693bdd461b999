// GraphBuilder: makes models op by op, for readers of formats, tests and fuzzing.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "graph/model.h"
#include "ops/def/op_def.h"

namespace narrow {

/// The element type that holds values of the C++ type T.
template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::float32;
  if constexpr (std::is_same_v<T, double>) return DType::float64;
  if constexpr (std::is_same_v<T, bool>) return DType::boolean;
  if constexpr (std::is_same_v<T, int8_t>) return DType::int8;
  if constexpr (std::is_same_v<T, uint8_t>) return DType::uint8;
  if constexpr (std::is_same_v<T, int16_t>) return DType::int16;
  if constexpr (std::is_same_v<T, uint16_t>) return DType::uint16;
  if constexpr (std::is_same_v<T, int32_t>) return DType::int32;
  if constexpr (std::is_same_v<T, uint32_t>) return DType::uint32;
  if constexpr (std::is_same_v<T, int64_t>) return DType::int64;
  if constexpr (std::is_same_v<T, uint64_t>) return DType::uint64;
}

/// What a new tensor is like. A tensor without a name gets one that no other of its graph has.
struct TensorSpec {
  DType dtype = DType::float32;
  Shape shape{};
  std::string name{};
  Quantization quantization{};
};

/// A model in the making. Tensors are known by their index in their graph. What is added goes to one graph, the first
/// until `in` chooses another.
class GraphBuilder {
 public:
  explicit GraphBuilder(size_t graphs = 1) { model_.graphs.resize(graphs); }

  /// Adds an empty graph and returns its index.
  int add_graph(std::string name);

  /// What is added from now on goes to that graph.
  GraphBuilder& in(size_t graph) {
    at_ = graph;
    return *this;
  }
  Graph& graph() { return model_.graphs[at_]; }
  const Graph& graph() const { return model_.graphs[at_]; }
  Tensor& at(int tensor) { return graph().tensor(tensor); }
  const Shape& shape(int tensor) const { return graph().tensor(tensor).shape; }

  /// A tensor that an op is to compute.
  int tensor(TensorSpec spec);
  /// The next input of the graph.
  int input(TensorSpec spec);
  /// A constant with these values, as many as the shape has elements, stored as they are: T need only be as wide as the
  /// element type (uint16_t for the bits of float16).
  template <class T>
  int constant(TensorSpec spec, const std::vector<T>& values) {
    return constant(std::move(spec), std::as_bytes(std::span<const T>(values)));
  }
  int constant(TensorSpec spec, std::span<const std::byte> values);
  /// A list of 32-bit integers, such as shapes and axes are.
  int indices(const std::vector<int32_t>& values);

  /// Adds an op whose results are tensors that are there already; graphs are those that it runs.
  Op& op(const OpDef& def, Attributes attributes, std::vector<int> inputs, std::vector<int> outputs,
         std::vector<int> graphs = {});
  /// Adds an op and its only result, whose shape is the one that the op infers; `result` says the rest. Where the
  /// operands do not fit nothing is added, and the error names the op.
  Result<int> infer_op(const OpDef& def, Attributes attributes, std::vector<int> inputs, TensorSpec result = {});

  void outputs(std::vector<int> tensors) { graph().outputs = std::move(tensors); }
  /// A signature of the graph: its inputs and outputs by the names of their tensors.
  void signature(const std::string& key);

  /// The model as it is so far, which no one has checked.
  Model& model() { return model_; }
  const Model& model() const { return model_; }
  /// The whole model, its ops with the least operator version that they need; an error of `validate` where it is none.
  Result<Model> finish();

 private:
  Model model_;
  size_t at_ = 0;
};

}  // namespace narrow
