// ADD and SUB of other widths than 8 bits by the DSP extension.
#include "emit/c/dsp_width_calls.h"
#include "nw_requantize.h"
#include "portable/arithmetic/add.h"
#include "rows/arithmetic.h"
#include "rows/dsp_widths.h"

namespace narrow {
namespace {

/// The call with the operands and the result of `given`.
template <class Params>
OtherCall add_call(const Kernel& kernel, const Params& params, const KernelCall& given) {
  KernelCall out = kernel_call(kernel, params, {});
  out.arguments = given.arguments;
  return {std::move(out), {}};
}

OtherCall add_i16(const KernelCall& call, const nw_add_params& p, nw_i32 count) {
  constexpr int kLeft = 15;
  constexpr nw_i32 kHalf = 1 << 30;
  if (p.sign != 1 || p.left_shift != kLeft || p.out_zero_point != 0 || p.a.zero_point != 0 || p.b.zero_point != 0)
    return {};
  auto at_most_half = [&](const nw_scaled_input& x) {
    return -x.shift <= kMostShift && (x.shift < 0 || (x.shift == 0 && x.multiplier == kHalf));
  };
  if (!at_most_half(p.a) || !at_most_half(p.b) || -p.out_shift < 1 || -p.out_shift > kMostShift)
    return {{}, "its factors are not from 2^-23 to 1/2"};
  nw_dsp_add_i16_params const params{
      count,    {p.a.multiplier, -p.a.shift}, {p.b.multiplier, -p.b.shift}, p.out_multiplier, -p.out_shift, p.out_min,
      p.out_max};
  return add_call(kDspAddI16, params, call);
}

OtherCall add_by_rule(const Kernel& kernel, const KernelCall& call, const nw_add_params& p, nw_i32 count) {
  constexpr int kMostUnit = 14, kMostRight = 24;
  if (p.out_zero_point != 0 || p.a.zero_point != 0 || p.b.zero_point != 0) return {};
  if (p.rounding != NW_ROUND_HALF_UP && p.rounding != NW_ROUND_TRUNCATE) return {};
  if (p.a.shift > kMostUnit || p.b.shift > kMostUnit || p.out_shift > kMostRight)
    return {{}, "its scales are too far apart"};
  bool const rounds = p.rounding == NW_ROUND_HALF_UP && p.out_shift > 0;
  nw_dsp_add_q7_params const params{
      count,     1 << p.a.shift, p.sign * (1 << p.b.shift), rounds ? 1 << (p.out_shift - 1) : 0, p.out_shift,
      p.out_min, p.out_max};
  return add_call(kernel, params, call);
}

}  // namespace

OtherCall dsp_width_add(const KernelCall& call) {
  if (call.kernel != &kAddI16 && call.kernel != &kAddByRuleI8 && call.kernel != &kAddByRuleI16) return {};
  const auto& p = call.params_as<nw_add_params>();
  if (!reads_in_order(p.shape.extent, p.shape.a_stride) || !reads_in_order(p.shape.extent, p.shape.b_stride))
    return {{}, "its operands have different shapes"};
  auto const count = static_cast<nw_i32>(call.kernel->cost(call.params.data()).elements);
  if (call.kernel == &kAddI16) return add_i16(call, p, count);
  return add_by_rule(call.kernel == &kAddByRuleI8 ? kDspAddQ7 : kDspAddQ15, call, p, count);
}

}  // namespace narrow
