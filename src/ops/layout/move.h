// What the ops share that put elements elsewhere without looking at them.
#pragma once

#include "ops/arithmetic/elementwise.h"

namespace narrow {

/// Bytes of the elements that `from` and `to` share: 1, 2, 4 or 8. unsupported where their types differ or have other
/// sizes, or one is too large for the 32-bit offsets of the kernels.
Result<int32_t> moved_element_bytes(const Tensor& from, const Tensor& to);

/// The same for the first `operands` operands and result 0.
Result<int32_t> moved_element_bytes(const OpView& op, size_t operands = 1);

/// unsupported where one is quantized otherwise than the other, named: runtimes move what is in `from` to `to` as it
/// is.
Status check_same_grid(const Tensor& from, const Tensor& to);

/// unsupported, naming the scales, where one of the first `operands` operands is quantized otherwise than result 0.
Status check_same_scales(const OpView& op, size_t operands = 1);

/// The integer that stands for 0 in `tensor`; what it holds as bits where it is not quantized.
int64_t zero_of(const Tensor& tensor);

/// One element of 1, 2, 4 or 8 bytes, as an array of a call.
ConstantArray element_array(std::string name, int64_t value, int32_t bytes);

/// Bytes from one sample of `tensor` to the next: none for constants.
inline int64_t sample_bytes(const Tensor& tensor, int32_t element_bytes) {
  return advance(tensor) * element_bytes;
}

/// The call that copies `elements` elements, which take `bytes` bytes together.
KernelCall copy_call(CallArgument from, CallArgument to, int64_t elements, int64_t bytes);

/// The call that copies an array to result `to`.
KernelCall copy_call(ConstantArray values, size_t to = 0);

/// The call that writes the integer 0 to all elements of result 0, which take `bytes` bytes each.
KernelCall zeros_call(const OpView& op, int32_t bytes);

/// A step that lays the operands one behind the other along `axis` of result 0: CONCATENATION, and PACK, whose
/// operands have one element there.
Result<Step> lower_join(const OpView& op, int axis);

/// The other way round: operand `data` is cut along `axis` into the results.
Result<Step> lower_split(const OpView& op, size_t data, int axis);

}  // namespace narrow
