#include "ops/layout/move.h"

#include <array>
#include <limits>

#include "ops/layout/view.h"
#include "rows/layout.h"

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

/// The blocks of the one tensor in the whole: of an operand inside the result, or of a result inside the operand.
struct Part {
  int64_t blocks = 1;
  int64_t block_bytes = 0;
  int64_t whole_stride = 0;  // bytes from one block to the next in the whole
  int64_t at = 0;            // byte of the whole where the first block begins
  size_t index = 0;          // of the operand or result
};

/// Parts that lie one behind the other along `axis` of a whole; in the order of tensor(i).
template <class F>
std::vector<Part> parts_of(const Tensor& whole, int axis, int32_t bytes, size_t count, F tensor) {
  std::vector<Part> parts;
  int64_t const whole_bytes = whole.elements() * bytes;
  int64_t const blocks = std::max<int64_t>(whole.shape.product(0, axis), 1);
  int64_t at = 0;
  for (size_t i = 0; i < count && whole_bytes > 0; ++i) {
    const Tensor& part = tensor(i);
    int64_t const block = part.elements() / blocks * bytes;
    if (block > 0) parts.push_back({blocks, block, whole_bytes / blocks, at, i});
    at += block;
  }
  return parts;
}

KernelCall blocks_call(int64_t blocks, int64_t block_bytes, int64_t in_stride, int64_t out_stride, CallArgument from,
                       CallArgument to) {
  nw_copy_blocks_params const p{.blocks = static_cast<nw_i32>(blocks),
                                .block_bytes = static_cast<nw_i32>(block_bytes),
                                .in_stride = static_cast<nw_i32>(in_stride),
                                .out_stride = static_cast<nw_i32>(out_stride)};
  return kernel_call(kCopyBlocksAny, p, {from, to});
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

int64_t zero_of(const Tensor& tensor) {
  return tensor.is_float() || !tensor.quantization.present() ? 0 : tensor.quantization.zero_point();
}

ConstantArray element_array(std::string name, int64_t value, int32_t bytes) {
  auto const one = [&]<class T>(ElementType type, T narrowed) {
    return constant_array(std::move(name), type, std::array{narrowed});
  };
  if (bytes == 1) return one(ElementType::i8, static_cast<int8_t>(value));
  if (bytes == 2) return one(ElementType::i16, static_cast<int16_t>(value));
  if (bytes == 4) return one(ElementType::i32, static_cast<int32_t>(value));
  return one(ElementType::i64, value);
}

KernelCall copy_call(CallArgument from, CallArgument to, int64_t elements, int64_t bytes) {
  if (bytes <= std::numeric_limits<int32_t>::max()) return blocks_call(1, bytes, bytes, bytes, from, to);
  int64_t const each = bytes / elements;
  return blocks_call(elements, each, each, each, from, to);
}

KernelCall copy_call(ConstantArray values, size_t to) {
  KernelCall call = copy_call(array(0), result(to), static_cast<int64_t>(values.elements()),
                              static_cast<int64_t>(values.bytes.size()));
  call.arrays.push_back(std::move(values));
  return call;
}

KernelCall zeros_call(const OpView& op, int32_t bytes) {
  nw_copy_strided_params const repeated = strided_params({.dims = {{op.output().elements(), 0}}}, bytes);
  KernelCall call = kernel_call(kCopyStridedAny, repeated, {array(0), result()});
  call.arrays.push_back(element_array("zero", 0, bytes));
  return call;
}

Result<Step> lower_join(const OpView& op, int axis) {
  NARROW_TRY(int32_t const bytes, moved_element_bytes(op, op.input_count()));
  NARROW_CHECK(check_same_scales(op, op.input_count()));
  Step step{.kernel = "nothing"};
  auto tensor = [&](size_t i) -> const Tensor& { return op.input(i); };
  for (const Part& p : parts_of(op.output(), axis, bytes, op.input_count(), tensor))
    step.calls.push_back(
        blocks_call(p.blocks, p.block_bytes, p.block_bytes, p.whole_stride, operand(p.index), result(0, p.at)));
  return step;
}

Result<Step> lower_split(const OpView& op, size_t data, int axis) {
  const Tensor& whole = op.input(data);
  int32_t bytes = 1;
  for (size_t i = 0; i < op.op.outputs.size(); ++i) {
    NARROW_TRY(bytes, moved_element_bytes(whole, op.output(i)));
  }
  Step step{.kernel = "nothing"};
  auto tensor = [&](size_t i) -> const Tensor& { return op.output(i); };
  for (const Part& p : parts_of(whole, axis, bytes, op.op.outputs.size(), tensor))
    step.calls.push_back(
        blocks_call(p.blocks, p.block_bytes, p.whole_stride, p.block_bytes, operand(data, p.at), result(p.index)));
  return step;
}

}  // namespace narrow
