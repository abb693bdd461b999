#include "ops/layout/index_operand.h"

namespace narrow {
namespace {

template <class T>
std::vector<int64_t> widened(const Tensor& t) {
  auto const v = t.values<T>();
  return {v.begin(), v.end()};
}

}  // namespace

Result<std::vector<int64_t>> index_values(const OpView& op, size_t operand, const char* what) {
  const Tensor& t = op.input(operand);
  if (t.dtype != DType::int32 && t.dtype != DType::int64)
    return fail(ErrorKind::bad_file, std::string(what) + " of type " + to_string(t.dtype));
  if (!t.known()) return fail(ErrorKind::unsupported, std::string(what) + " that are computed");
  return t.dtype == DType::int32 ? widened<int32_t>(t) : widened<int64_t>(t);
}

Result<int64_t> index_value(const OpView& op, size_t operand, const char* what) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, operand, what));
  if (values.size() == 1) return values[0];
  return fail(ErrorKind::bad_file, std::to_string(values.size()) + " " + what + " where one is needed");
}

Result<Shape> shape_values(const OpView& op, size_t operand) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, operand, "dimensions"));
  std::vector<int32_t> dims;
  for (int64_t v : values) {
    if (v > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a dimension of " + std::to_string(v) + " elements");
    dims.push_back(static_cast<int32_t>(std::max<int64_t>(v, -1)));
  }
  return Shape::make(dims);
}

Result<int32_t> index_bytes(const OpView& op, size_t operand, const char* what, bool takes_int16) {
  DType const dtype = op.input(operand).dtype;
  bool const fits = dtype == DType::int32 || dtype == DType::int64 || (takes_int16 && dtype == DType::int16);
  if (!fits) return fail(ErrorKind::bad_file, std::string(what) + " of type " + to_string(dtype));
  return static_cast<int32_t>(element_bytes(dtype));
}

Status check_positions(const OpView& op, size_t operand, const char* what, const std::vector<IndexRange>& columns) {
  const Tensor& t = op.input(operand);
  if (!t.known() || columns.empty()) return {};
  std::string wrong = first_outside(t.dtype, t.data.data(), static_cast<size_t>(t.elements()), what, columns);
  if (wrong.empty()) return {};
  return fail(ErrorKind::bad_file, std::move(wrong));
}

Step checking_positions(const OpView& op, size_t operand, const char* what, std::vector<IndexRange> columns,
                        Step step) {
  const Tensor& t = op.input(operand);
  if (t.known() || columns.empty()) return step;
  step.checked.push_back({operand, what, t.dtype, static_cast<size_t>(t.elements()), std::move(columns)});
  return step;
}

}  // namespace narrow
