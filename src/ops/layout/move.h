// What the ops share that put elements elsewhere without looking at them.
#pragma once

#include <array>

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

/// The element that stands for 0 in `tensor`, in the first bytes.
std::array<std::byte, 8> zero_of(const Tensor& tensor);

/// Bytes from one sample of `tensor` to the next: none for constants.
inline int64_t sample_bytes(const Tensor& tensor, int32_t element_bytes) {
  return advance(tensor) * element_bytes;
}

/// A step that calls move(in, out), which makes one sample of result 0 from one of operand `operand`; nothing is called
/// where the result is empty.
template <class F>
Step move_step(const OpView& op, int32_t element_bytes, const char* kernel, F move, size_t operand = 0) {
  int64_t const in_bytes = advance(op.input(operand)) * element_bytes;
  int64_t const out_bytes = op.output().elements() * element_bytes;
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const* in = static_cast<const std::byte*>(s.in[operand]);
                    auto* out = static_cast<std::byte*>(s.out[0]);
                    if (out_bytes == 0) return;
                    for (int64_t i = 0; i < s.batch; ++i) move(in + i * in_bytes, out + i * out_bytes);
                  },
              .batched = true,
              .kernel = kernel};
}

/// A step that lays the operands one behind the other along `axis` of result 0: CONCATENATION, and PACK, whose
/// operands have one element there.
Result<Step> lower_join(const OpView& op, int axis);

/// The other way round: operand `operand` is cut along `axis` into the results.
Result<Step> lower_split(const OpView& op, size_t operand, int axis);

}  // namespace narrow
