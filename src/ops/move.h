// What the ops share that put elements elsewhere without looking at them.
#pragma once

#include "ops/elementwise.h"

namespace narrow {

/// Bytes of the elements that operands and result 0 share: 1, 2, 4 or 8. unsupported where their types differ or have
/// other sizes, or a tensor is too large for the 32-bit offsets of the kernels. Operands from `operands` on are not
/// looked at.
Result<int32_t> moved_element_bytes(const OpView& op, size_t operands = 1);

/// unsupported, naming the scales, where one of the first `operands` operands is quantized otherwise than result 0.
Status check_same_scales(const OpView& op, size_t operands = 1);

/// A step that calls move(in, out), which makes one sample of result 0 from one of operand 0; nothing is called where
/// the result is empty.
template <class F>
Step move_step(const OpView& op, int32_t element_bytes, const char* kernel, F move) {
  int64_t const in_bytes = advance(op.input(0)) * element_bytes, out_bytes = op.output().elements() * element_bytes;
  return Step{.run =
                  [=](const StepArgs& s) {
                    auto const* in = static_cast<const std::byte*>(s.in[0]);
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

}  // namespace narrow
