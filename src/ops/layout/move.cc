#include "ops/layout/move.h"

#include <cstring>
#include <limits>

extern "C" {
#include "portable/layout/copy.h"
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

/// Blocks of the one tensor in the whole: of an operand inside the result, or of a result inside the operand.
struct Part {
  nw_copy_blocks_params copy{};
  int64_t part_bytes = 0;  // from one sample to the next
  int64_t at = 0;          // byte of the whole where the first block begins
  size_t index = 0;        // of the operand or result
};

/// Parts that lie one behind the other along `axis` of a whole of `whole_bytes`; in the order of tensor(i).
template <class F>
std::vector<Part> parts_of(const Tensor& whole, int axis, int32_t bytes, size_t count, F tensor) {
  std::vector<Part> parts;
  int64_t const whole_bytes = whole.elements() * bytes;
  int64_t const blocks = std::max<int64_t>(whole.shape.product(0, axis), 1);
  int64_t at = 0;
  for (size_t i = 0; i < count && whole_bytes > 0; ++i) {
    const Tensor& part = tensor(i);
    int64_t const block = part.elements() / blocks * bytes;
    nw_copy_blocks_params const copy{.blocks = static_cast<nw_i32>(blocks),
                                     .block_bytes = static_cast<nw_i32>(block),
                                     .in_stride = static_cast<nw_i32>(block),
                                     .out_stride = static_cast<nw_i32>(whole_bytes / blocks)};
    if (block > 0) parts.push_back({copy, advance(part) * bytes, at, i});
    at += block;
  }
  return parts;
}

}  // namespace

Result<int32_t> moved_element_bytes(const Tensor& from, const Tensor& to) {
  size_t const bytes = element_bytes(to.dtype);
  if (bytes == 0 || bytes > 8)
    return fail(ErrorKind::unsupported, std::string("elements of type ") + to_string(to.dtype));
  if (from.dtype != to.dtype)
    return fail(ErrorKind::unsupported,
                std::string("operands of ") + to_string(from.dtype) + " with a result of " + to_string(to.dtype));
  NARROW_CHECK(check_size(from, static_cast<int64_t>(bytes)));
  NARROW_CHECK(check_size(to, static_cast<int64_t>(bytes)));
  return static_cast<int32_t>(bytes);
}

Result<int32_t> moved_element_bytes(const OpView& op, size_t operands) {
  for (size_t i = 1; i < operands; ++i) NARROW_CHECK(moved_element_bytes(op.input(i), op.output()));
  return moved_element_bytes(op.input(0), op.output());
}

Status check_same_grid(const Tensor& from, const Tensor& to) {
  if (same_grid(from.quantization, to.quantization)) return {};
  return fail(ErrorKind::unsupported, "'" + from.name + "' and '" + to.name +
                                          "' have different scales or zero points; this op does not rescale");
}

Status check_same_scales(const OpView& op, size_t operands) {
  for (size_t i = 0; i < operands; ++i)
    if (!same_grid(op.input(i).quantization, op.output().quantization))
      return fail(ErrorKind::unsupported, "operand " + std::to_string(i) +
                                              " and the result have different scales or zero points; this op does "
                                              "not rescale");
  return {};
}

std::array<std::byte, 8> zero_of(const Tensor& tensor) {
  std::array<std::byte, 8> out{};
  if (tensor.is_float() || !tensor.quantization.present()) return out;
  int64_t const zero = tensor.quantization.zero_point();  // little-endian, as all constants are
  std::memcpy(out.data(), &zero, sizeof zero);
  return out;
}

Result<Step> lower_join(const OpView& op, int axis) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, op.input_count()));
  NARROW_CHECK(check_same_scales(op, op.input_count()));
  int64_t const out_bytes = op.output().elements() * bytes;
  auto operand = [&](size_t i) -> const Tensor& { return op.input(i); };
  std::vector<Part> const parts = parts_of(op.output(), axis, bytes, op.input_count(), operand);
  return Step{.run =
                  [parts, out_bytes](const StepArgs& s) {
                    for (int64_t i = 0; i < s.batch; ++i)
                      for (const Part& p : parts)
                        nw_copy_blocks(&p.copy, static_cast<const std::byte*>(s.in[p.index]) + i * p.part_bytes,
                                       static_cast<std::byte*>(s.out[0]) + i * out_bytes + p.at);
                  },
              .batched = true,
              .kernel = "copy of blocks"};
}

Result<Step> lower_split(const OpView& op, size_t operand, int axis) {
  const Tensor& whole = op.input(operand);
  int32_t bytes = 1;
  for (size_t i = 0; i < op.op.outputs.size(); ++i) {
    NARROW_TRY(bytes, moved_element_bytes(whole, op.output(i)));
  }
  int64_t const in_bytes = advance(whole) * bytes;
  auto result = [&](size_t i) -> const Tensor& { return op.output(i); };
  std::vector<Part> parts = parts_of(whole, axis, bytes, op.op.outputs.size(), result);
  for (Part& p : parts) std::swap(p.copy.in_stride, p.copy.out_stride);
  return Step{.run =
                  [parts, in_bytes, operand](const StepArgs& s) {
                    for (int64_t i = 0; i < s.batch; ++i)
                      for (const Part& p : parts)
                        nw_copy_blocks(&p.copy, static_cast<const std::byte*>(s.in[operand]) + i * in_bytes + p.at,
                                       static_cast<std::byte*>(s.out[p.index]) + i * p.part_bytes);
                  },
              .batched = true,
              .kernel = "copy of blocks"};
}

}  // namespace narrow
