#include "read/onnx/free_batch.h"

#include <algorithm>

#include "ops/layout/layout.h"

namespace narrow::onnx {
namespace {

bool same_structure(const Graph& a, const Graph& b) {
  if (a.tensors.size() != b.tensors.size() || a.ops.size() != b.ops.size()) return false;
  for (size_t i = 0; i < a.ops.size(); ++i)
    if (a.ops[i].def != b.ops[i].def || a.ops[i].inputs != b.ops[i].inputs || a.ops[i].outputs != b.ops[i].outputs)
      return false;
  return true;
}

/// A new shape with -1 for its only dimension that differs; false where several do.
bool open(std::vector<int32_t>& dims, std::span<const int32_t> other) {
  if (dims.size() != other.size()) return false;
  int differ = 0;
  for (size_t i = 0; i < dims.size(); ++i)
    if (dims[i] != other[i]) dims[i] = -1, ++differ;
  return differ <= 1;
}

bool open_reshape(Graph& graph, Op& op, const Graph& other, const Op& other_op) {
  Tensor& shape = graph.tensor(op.inputs[1]);
  std::vector<int32_t> dims(shape.values<int32_t>().begin(), shape.values<int32_t>().end());
  if (!open(dims, other.tensor(other_op.inputs[1]).values<int32_t>())) return false;
  shape.data = SharedBytes::copy_of(std::span<const int32_t>(dims));
  op.attributes = ReshapeAttributes{dims};
  return true;
}

bool same_constants(const Graph& a, const Graph& b) {
  for (size_t t = 0; t < a.tensors.size(); ++t) {
    const Tensor &x = a.tensors[t], &y = b.tensors[t];
    if (x.constant != y.constant || x.shape.rank() != y.shape.rank()) return false;
    if (!x.constant) continue;
    bool const index = x.dtype == DType::int32 || x.dtype == DType::int64;
    if (x.data.size() != y.data.size()) return false;
    if (index && !std::equal(x.data.bytes().begin(), x.data.bytes().end(), y.data.bytes().begin())) return false;
  }
  return true;
}

}  // namespace

bool free_where_different(Model& model, const Model& other) {
  Model out = model;
  Graph& graph = out.main();
  Graph their = other.main();
  if (!same_structure(graph, their)) return false;
  for (size_t i = 0; i < graph.ops.size(); ++i) {
    if (graph.ops[i].def != &kReshape) continue;
    if (!open_reshape(graph, graph.ops[i], their, their.ops[i])) return false;
    their.tensor(their.ops[i].inputs[1]).data = graph.tensor(graph.ops[i].inputs[1]).data;
  }
  if (!same_constants(graph, their)) return false;
  for (size_t t = 0; t < graph.tensors.size(); ++t) {
    Tensor& tensor = graph.tensors[t];
    std::vector<int32_t> dims(tensor.shape.dims().begin(), tensor.shape.dims().end());
    std::span<const int32_t> const theirs = their.tensors[t].shape.dims();
    for (size_t d = 0; d < dims.size(); ++d)
      if (dims[d] != theirs[d]) dims[d] = -1;
    if (std::find(dims.begin(), dims.end(), -1) != dims.end()) tensor.shape_signature = std::move(dims);
  }
  model = std::move(out);
  return true;
}

}  // namespace narrow::onnx
