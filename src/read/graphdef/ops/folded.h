// Integers that are known while a graph is read, such as shapes and what is computed from them.
#pragma once

#include "read/graphdef/node.h"

namespace narrow::graphdef {

/// More elements are left to ops of the model.
inline constexpr int64_t kMostFolded = 1 << 12;

/// Whether a value is a constant of integers or truth values, few enough to compute with while reading.
inline bool is_foldable(const Value& v) {
  if (!v.constant || v.constant->shape.elements() > kMostFolded) return false;
  DType const d = v.constant->dtype;
  return d == DType::int32 || d == DType::int64 || d == DType::boolean;
}

/// Whether element i of a constant follows from free dimensions.
inline bool is_free(const Constant& c, size_t i) {
  return i < c.free.size() && c.free[i];
}

/// The node's result that has these values; where some follow from free dimensions, `emit` adds the op that computes
/// them for other sizes.
template <class Emit>
Result<std::vector<Value>> folded(Node& node, Constant constant, Emit emit) {
  Value v = of_constant(std::move(constant));
  if (v.constant->any_free()) {
    NARROW_TRY(v.tensor, emit());
    Tensor& t = node.builder().at(v.tensor);
    t.from_shapes = true;
    t.data = v.constant->data;
    node.reading().free[v.tensor] = v.constant->free;
  }
  return std::vector<Value>{std::move(v)};
}

/// Operand i as indices that ops of the model take: of int32 where its values are known.
Result<int> index_tensor(Node& node, size_t i);

/// The same for known values as a list, even of a single one.
Result<int> index_list(Node& node, size_t i);

/// The node as the op that its rule names, with default attributes and as many operands.
Result<int> as_named(Node& node, size_t operands);
Result<int> as_named(Node& node, size_t operands, DType dtype);

}  // namespace narrow::graphdef
