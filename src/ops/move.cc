#include "ops/move.h"

#include <limits>

extern "C" {
#include "portable/copy.h"
}

namespace narrow {
namespace {

Status check_size(const Tensor& tensor, int64_t bytes) {
  if (tensor.elements() * bytes <= std::numeric_limits<int32_t>::max()) return {};
  return fail(ErrorKind::unsupported, "moving the elements of a tensor of " +
                                          std::to_string(tensor.elements() * bytes) + " bytes; at most " +
                                          std::to_string(std::numeric_limits<int32_t>::max()) + " are moved");
}

bool same_grid(const Quantization& a, const Quantization& b) {
  if (a.scales != b.scales) return false;
  size_t const n = std::max(a.zero_points.size(), b.zero_points.size());
  for (size_t i = 0; i < n; ++i)
    if ((i < a.zero_points.size() ? a.zero_points[i] : 0) != (i < b.zero_points.size() ? b.zero_points[i] : 0))
      return false;
  return true;
}

/// One operand's blocks inside the result.
struct Part {
  nw_copy_blocks_params copy{};
  int64_t in_bytes = 0;  // from one sample to the next
  int64_t at = 0;        // byte of the result where the first block begins
  size_t operand = 0;
};

}  // namespace

Result<int32_t> moved_element_bytes(const OpView& op, size_t operands) {
  const Tensor& out = op.output();
  size_t const bytes = element_bytes(out.dtype);
  if (bytes == 0 || bytes > 8)
    return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(out.dtype));
  for (size_t i = 0; i < operands; ++i) {
    if (op.input(i).dtype != out.dtype)
      return fail(ErrorKind::unsupported, std::string("operands of ") + to_string(op.input(i).dtype) +
                                              " with a result of " + to_string(out.dtype));
    NARROW_CHECK(check_size(op.input(i), static_cast<int64_t>(bytes)));
  }
  NARROW_CHECK(check_size(out, static_cast<int64_t>(bytes)));
  return static_cast<int32_t>(bytes);
}

Status check_same_scales(const OpView& op, size_t operands) {
  for (size_t i = 0; i < operands; ++i)
    if (!same_grid(op.input(i).quantization, op.output().quantization))
      return fail(ErrorKind::unsupported, "operand " + std::to_string(i) +
                                              " and the result have different scales or zero points; this op does "
                                              "not rescale");
  return {};
}

Result<Step> lower_join(const OpView& op, int axis) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, op.input_count()));
  NARROW_CHECK(check_same_scales(op, op.input_count()));
  int64_t const out_bytes = op.output().elements() * bytes;
  int64_t const blocks = std::max<int64_t>(op.output().shape.product(0, axis), 1);
  std::vector<Part> parts;
  int64_t at = 0;
  for (size_t i = 0; i < op.input_count() && out_bytes > 0; ++i) {
    int64_t const block = op.input(i).elements() / blocks * bytes;
    auto const size = static_cast<nw_i32>(block);
    nw_copy_blocks_params const copy{.blocks = static_cast<nw_i32>(blocks),
                                     .block_bytes = size,
                                     .in_stride = size,
                                     .out_stride = static_cast<nw_i32>(out_bytes / blocks)};
    if (block > 0) parts.push_back({copy, advance(op.input(i)) * bytes, at, i});
    at += block;
  }
  return Step{.run =
                  [parts, out_bytes](const StepArgs& s) {
                    for (int64_t i = 0; i < s.batch; ++i)
                      for (const Part& p : parts)
                        nw_copy_blocks(&p.copy, static_cast<const std::byte*>(s.in[p.operand]) + i * p.in_bytes,
                                       static_cast<std::byte*>(s.out[0]) + i * out_bytes + p.at);
                  },
              .batched = true,
              .kernel = "copy of blocks"};
}

}  // namespace narrow
