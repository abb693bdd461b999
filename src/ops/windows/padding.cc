#include "ops/windows/padding.h"

#include <algorithm>

#include "ops/layout/index_operand.h"

namespace narrow {

Result<std::vector<PaddedDim>> padded_dims(const OpView& op) {
  NARROW_TRY(std::vector<int64_t> const values, index_values(op, 1, "paddings"));
  const Shape& in = op.input(0).shape;
  if (values.size() != 2 * static_cast<size_t>(in.rank()))
    return fail(ErrorKind::bad_file,
                "paddings of shape " + op.input(1).shape.text() + " for data of shape " + in.text());
  std::vector<PaddedDim> out;
  for (int d = 0; d < in.rank(); ++d) {
    int64_t const before = values[2 * static_cast<size_t>(d)], after = values[2 * static_cast<size_t>(d) + 1];
    if (before < 0 || after < 0)
      return fail(ErrorKind::bad_file, "negative padding " + std::to_string(std::min(before, after)));
    if (before > limits_in_force().tensor_elements || after > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "padding by " + std::to_string(std::max(before, after)) + " elements");
    out.push_back({in[d], before, after});
  }
  return out;
}

Result<Shape> padded_shape(const std::vector<PaddedDim>& padded) {
  std::vector<int32_t> dims;
  for (const PaddedDim& d : padded) {
    int64_t const sum = d.extent + d.before + d.after;
    if (sum > limits_in_force().tensor_elements)
      return fail(ErrorKind::limit_exceeded, "a padded dimension has " + std::to_string(sum) + " elements");
    dims.push_back(static_cast<int32_t>(sum));
  }
  return Shape::make(dims);
}

}  // namespace narrow
