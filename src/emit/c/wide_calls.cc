#include "emit/c/wide_calls.h"

#include <algorithm>

#include "rows/activations.h"
#include "rows/arithmetic.h"
#include "rows/wide.h"
#include "rows/windows.h"

extern "C" {
#include "portable/arithmetic/choose.h"
#include "portable/arithmetic/mul.h"
#include "portable/windows/pool.h"
}

namespace narrow {
namespace {

/// The kernels of one kind of processor.
struct Wide {
  const Kernel *mul, *maximum, *minimum;
};
constexpr Wide kDsp{&kDspMulI8, &kDspMaximumI8, &kDspMinimumI8};
constexpr Wide kHelium{&kHeliumMulI8, &kHeliumMaximumI8, &kHeliumMinimumI8};

OtherCall with_kernel(KernelCall call, const Kernel& kernel) {
  call.kernel = &kernel;
  return {std::move(call), {}};
}

/// How two operands meet: each of `rows` rows of `depth` elements of the one that is not repeated with a row of the
/// other, or all with the same.
struct Meeting {
  bool found = false, swapped = false;  // swapped: the second operand is the one that is not repeated
  nw_i32 rows = 1, depth = 1, step = 0;
};

Meeting meeting_of(const nw_broadcast& shape) {
  bool const a = reads_in_order(shape.extent, shape.a_stride), b = reads_in_order(shape.extent, shape.b_stride);
  nw_i32 count = 1;
  for (nw_i32 e : shape.extent) count *= e;
  if (a && b) return {true, false, 1, count, count};
  if (!a && !b) return {};
  // The dimensions along which the other one is repeated come first.
  const nw_i32* const stride = a ? shape.b_stride : shape.a_stride;
  Meeting out{true, !a, 1, 1, 0};
  bool repeated = false;
  for (int d = NW_BROADCAST_RANK - 1; d >= 0; --d) {
    nw_i32 const extent = shape.extent[d];
    if (extent == 1) continue;
    if (!repeated && stride[d] == out.depth) {
      out.depth *= extent;
      continue;
    }
    if (stride[d] != 0) return {};
    repeated = true;
    out.rows *= extent;
  }
  return out;
}

OtherCall product_call(const KernelCall& call, const Kernel& kernel) {
  const auto& p = call.params_as<nw_mul_params>();
  Meeting const m = meeting_of(p.shape);
  constexpr nw_i32 kLeastRow = 8;
  if (!m.found || (m.rows > 1 && m.depth < kLeastRow)) return {{}, "its operands are repeated within rows"};
  int const shift = -p.shift;
  if (shift < 1 || shift > kMostShift) return {{}, "its scales lie too far apart"};
  nw_packed_mul_params out{m.rows,       m.depth, m.step, p.a_zero_point, p.b_zero_point,
                           p.multiplier, 0,       shift,  p.out_min,      p.out_max};
  out.addend = (nw_i32{1} << (shift - 1)) + p.out_zero_point * (nw_i32{1} << shift);
  std::vector<CallArgument> arguments = call.arguments;
  if (m.swapped) {
    std::swap(arguments[0], arguments[1]);
    std::swap(out.a_zero_point, out.b_zero_point);
  }
  return {kernel_call(kernel, out, {arguments[0], arguments[1], arguments[2]}), {}};
}

OtherCall extremes_call(const KernelCall& call, const Kernel& kernel) {
  Meeting const m = meeting_of(call.params_as<nw_choose_params>().shape);
  if (!m.found || m.step == 0) return {{}, "its operands have different shapes"};
  return {
      kernel_call(kernel, nw_packed_pair_params{m.depth}, {call.arguments[0], call.arguments[1], call.arguments[2]}),
      {}};
}

OtherCall pair_call(const KernelCall& call, const Wide& kernels) {
  if (call.kernel == &kMulI8) return product_call(call, *kernels.mul);
  if (call.kernel == &kMaximumI8) return extremes_call(call, *kernels.maximum);
  if (call.kernel == &kMinimumI8) return extremes_call(call, *kernels.minimum);
  return {};
}

}  // namespace

OtherCall dsp_wide_call(const KernelCall& call) {
  if (call.kernel == &kMaxPoolI8) return with_kernel(call, kDspMaxPoolI8);
  if (call.kernel != &kAveragePoolI8) return pair_call(call, kDsp);
  constexpr int64_t kMostTaps = 255;
  const nw_window& w = call.params_as<nw_pool_params>().window;
  if (int64_t{w.filter_h} * w.filter_w > kMostTaps) return {{}, "its windows have more than 255 elements"};
  return with_kernel(call, kDspAveragePoolI8);
}

OtherCall helium_wide_call(const KernelCall& call) {
  if (call.kernel == &kMaxPoolI8) return with_kernel(call, kHeliumMaxPoolI8);
  if (call.kernel == &kTableI8) return with_kernel(call, kHeliumTableI8);
  return pair_call(call, kHelium);
}

}  // namespace narrow
