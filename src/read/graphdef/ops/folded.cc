#include "read/graphdef/ops/folded.h"

#include <limits>

namespace narrow::graphdef {
namespace {

Result<int> as_int32(Node& node, const Constant& c, const Shape& shape) {
  NARROW_TRY(std::vector<int64_t> const wide, integers_of(c));
  if (wide.empty()) return fail(ErrorKind::unsupported, "the node reads an empty list of indices");
  std::vector<int32_t> values;
  for (int64_t const v : wide) {
    if (v < std::numeric_limits<int32_t>::min() || v > std::numeric_limits<int32_t>::max())
      return fail(ErrorKind::bad_file, "the index " + std::to_string(v) + " does not fit 32 bits");
    values.push_back(static_cast<int32_t>(v));
  }
  return node.builder().constant(
      {.dtype = DType::int32, .shape = shape, .name = node.reading().names.take(node.name() + "/indices")}, values);
}

}  // namespace

Result<int> index_tensor(Node& node, size_t i) {
  NARROW_TRY(Value const v, node.value(i));
  if (!v.known()) return node.place(v);
  return as_int32(node, *v.constant, v.constant->shape);
}

Result<int> index_list(Node& node, size_t i) {
  NARROW_TRY(Value const v, node.value(i));
  if (!v.known()) return node.place(v);
  NARROW_TRY(Shape const list, Shape::make(std::vector<int32_t>{static_cast<int32_t>(v.constant->shape.elements())}));
  return as_int32(node, *v.constant, list);
}

Result<int> as_named(Node& node, size_t operands, DType dtype) {
  const OpDef* const def = find_op(node.rule().op);
  if (!def) return fail(ErrorKind::internal, std::string("there is no op ") + node.rule().op);
  std::vector<int> inputs;
  for (size_t i = 0; i < operands; ++i) {
    NARROW_TRY(int const t, node.tensor(i));
    inputs.push_back(t);
  }
  return node.add(*def, {}, std::move(inputs), dtype);
}

Result<int> as_named(Node& node, size_t operands) {
  NARROW_TRY(int const first, node.tensor(0));
  return as_named(node, operands, node.builder().at(first).dtype);
}

}  // namespace narrow::graphdef
