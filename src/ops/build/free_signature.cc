#include "ops/build/free_signature.h"

#include <cstring>

namespace narrow {
namespace {

/// The values of a tensor computed from shapes as they are where free dimensions are larger by one.
template <class T>
SharedBytes larger(const Tensor& t, const std::vector<bool>& free) {
  std::vector<T> values(t.values<T>().begin(), t.values<T>().end());
  for (size_t i = 0; i < values.size() && i < free.size(); ++i)
    values[i] = static_cast<T>(values[i] + (free[i] ? 1 : 0));
  return SharedBytes::copy_of(std::span<const T>(values));
}

}  // namespace

std::vector<std::vector<int32_t>> free_signatures(const Graph& graph, const Op& op, const std::vector<Shape>& shapes,
                                                  const std::map<int, std::vector<bool>>& free_elements) {
  std::vector<std::vector<int32_t>> out(shapes.size());
  Graph probe;
  Op changed = op;
  bool any = false;
  for (int& t : changed.inputs) {
    if (t == kNoTensor) continue;
    Tensor copy = graph.tensor(t);
    if (copy.has_free_dimension()) {
      std::vector<int32_t> dims(copy.shape.dims().begin(), copy.shape.dims().end());
      for (size_t d = 0; d < dims.size(); ++d) dims[d] += copy.shape_signature[d] == -1 ? 1 : 0;
      auto const shape = Shape::make(dims);
      if (!shape) return out;
      copy.shape = *shape;
      any = true;
    }
    if (auto const free = free_elements.find(t); free != free_elements.end()) {
      copy.data =
          copy.dtype == DType::int64 ? larger<int64_t>(copy, free->second) : larger<int32_t>(copy, free->second);
      any = true;
    }
    t = static_cast<int>(probe.tensors.size());
    probe.tensors.push_back(std::move(copy));
  }
  if (!any) return out;
  auto const grown = op.def->infer(OpView{probe, changed});
  if (!grown) return out;
  for (size_t r = 0; r < shapes.size() && r < grown->size(); ++r) {
    const Shape& now = shapes[r];
    if ((*grown)[r].rank() != now.rank() || (*grown)[r] == now) continue;
    out[r].assign(now.dims().begin(), now.dims().end());
    for (int d = 0; d < now.rank(); ++d)
      if ((*grown)[r][d] != now[d]) out[r][static_cast<size_t>(d)] = -1;
  }
  return out;
}

void mark_free_dimensions(Graph& graph, size_t first_op) {
  for (size_t i = first_op; i < graph.ops.size(); ++i) {
    const Op& op = graph.ops[i];
    std::vector<Shape> shapes;
    for (int const t : op.outputs) shapes.push_back(t == kNoTensor ? Shape() : graph.tensor(t).shape);
    auto free = free_signatures(graph, op, shapes);
    for (size_t r = 0; r < op.outputs.size(); ++r)
      if (op.outputs[r] != kNoTensor) graph.tensor(op.outputs[r]).shape_signature = std::move(free[r]);
  }
}

}  // namespace narrow
