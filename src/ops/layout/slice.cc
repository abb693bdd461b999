#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "ops/layout/view.h"
#include "rows/layout.h"

namespace narrow {
namespace {

Status check_length(const OpView& op, size_t operand, const char* what) {
  if (op.input(operand).elements() == op.input(0).shape.rank()) return {};
  return fail(ErrorKind::bad_file, std::to_string(op.input(operand).elements()) + " " + what + " for data of shape " +
                                       op.input(0).shape.text());
}

/// Elements of the result along dimension d; `begin` is known.
Result<int64_t> size_of(int64_t extent, int64_t begin, int64_t size) {
  if (begin >= 0 && begin <= extent && size >= -1 && size <= extent - begin) return size < 0 ? extent - begin : size;
  return fail(ErrorKind::bad_file, "a slice of " + std::to_string(size) + " elements from " + std::to_string(begin) +
                                       " on leaves a dimension of " + std::to_string(extent) + " elements");
}

bool computed_begins(const OpView& op) {
  return !op.input(1).known();
}

Result<std::vector<Shape>> infer_slice(const OpView& op) {
  NARROW_CHECK(check_length(op, 1, "begins"));
  NARROW_CHECK(check_length(op, 2, "sizes"));
  NARROW_CHECK(index_bytes(op, 1, "begins"));
  NARROW_TRY(std::vector<int64_t> sizes, index_values(op, 2, "sizes"));
  std::vector<int64_t> begins(sizes.size(), 0);
  if (!computed_begins(op)) {
    NARROW_TRY(begins, index_values(op, 1, "begins"));
  }
  std::vector<int32_t> dims;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == -1 && computed_begins(op))
      return fail(ErrorKind::unsupported, "a slice up to the end from a begin that is computed");
    NARROW_TRY(int64_t const size, size_of(op.input(0).shape[static_cast<int>(d)], begins[d], sizes[d]));
    dims.push_back(static_cast<int32_t>(size));
  }
  NARROW_TRY(Shape shape, Shape::make(dims));
  return std::vector{std::move(shape)};
}

Result<Step> lower_window(const OpView& op) {
  const Tensor& in = op.input(0);
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op));
  NARROW_TRY(int32_t const wide, index_bytes(op, 1, "begins"));
  std::vector<IndexRange> inside;
  for (int d = 0; d < in.shape.rank(); ++d) inside.push_back({0, in.shape[d] - op.output().shape[d]});
  nw_window_params const p = window_params(in.shape, op.output().shape, bytes, wide);
  Step step = call_step(kernel_call(kCopyWindowAny, p, {operand(0), operand(1), result()}));
  return checking_positions(op, 1, "begins", std::move(inside), std::move(step));
}

Result<Step> lower_slice(const OpView& op, const LowerContext&) {
  if (computed_begins(op)) return lower_window(op);
  NARROW_TRY(std::vector<int64_t> const begins, index_values(op, 1, "begins"));
  std::vector<int64_t> const strides = strides_of(op.input(0).shape);
  View view;
  for (size_t d = 0; d < begins.size(); ++d) {
    view.dims.push_back({op.output().shape[static_cast<int>(d)], strides[d]});
    view.offset += begins[d] * strides[d];
  }
  return lower_view(op, view);
}

int version_slice(const OpView& op) {
  return op.input(0).shape.rank() > 4 ? 5 : 1;
}

}  // namespace

const OpDef kSlice{
    .name = "SLICE",
    .arity = {.min_inputs = 3, .max_inputs = 3},
    .quant = moving_rule({Role::activation, Role::index}, {.int8 = 2, .int16 = 4}),
    .infer = infer_slice,
    .lower = lower_slice,
    .version = version_slice,
};

}  // namespace narrow
