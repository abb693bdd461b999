// Epilogues over a vector type V (lanes_*.h), equal to nw_requantize.h for every accumulator.
//
// 64-bit values come as even and odd lanes. Where a 64-bit result is narrowed, its low 32 bits are taken, as the
// scalar functions do. Channel constants are loaded once per tile.
#ifndef NARROW_KERNELS_HOST_REQUANTIZE_LANES_H
#define NARROW_KERNELS_HOST_REQUANTIZE_LANES_H

#include "isa.h"
#include "nw_requantize.h"

namespace narrow::host {

// High multiply, ties up, then a right shift whose ties go away from zero, or up. The right shift looks at the
// remainder instead of adding a half, which could leave 32 bits.
template <class V, bool kTiesUp>
struct DoubleRounding {
  typename V::I32 multiplier, left, right, mask, half;

  DoubleRounding(const Epilogue& e, int channel) : multiplier(V::load(e.multiplier.data() + channel)) {
    const auto shift = V::load(e.shift.data() + channel);
    left = V::max(shift, V::zero());
    right = V::max(V::sub(V::zero(), shift), V::zero());
    mask = V::sub(V::shift_left(V::set(1), right), V::set(1));
    half = V::shift_right_logical1(mask);
  }

  typename V::I32 operator()(typename V::I32 acc) const {
    const auto v = V::high_mul(V::shift_left(acc, left), multiplier);
    const auto threshold = kTiesUp ? half : V::sub(half, V::sign(v));
    return V::add_if_greater(V::shift_right(v, right), V::bit_and(v, mask), threshold);
  }
  typename V::I32 operator()(typename V::I64 acc) const { return (*this)(V::narrow(acc)); }
};

// One rounding of the 64-bit product, ties up. The factor 2^-shift is taken off a product with kUnitBits fraction bits.
template <class V, bool kWide>
struct SingleRounding {
  static constexpr int kUnitBits = kWide ? 15 : 31;
  typename V::I32 multiplier;
  typename V::I64 multiplier64, total, half;

  SingleRounding(const Epilogue& e, int channel) : multiplier(V::load(e.multiplier.data() + channel)) {
    multiplier64 = V::widen64(multiplier);
    total = V::widen64(V::sub(V::set(kUnitBits), V::load(e.shift.data() + channel)));
    half = V::power_of_two64(V::add64(total, V::widen64(V::set(-1))));
  }

  typename V::I32 rounded(typename V::I64 product) const {
    return V::narrow(V::shift_right64(V::add64(product, half), total));
  }
  typename V::I32 operator()(typename V::I32 acc) const { return rounded(V::mul(acc, multiplier)); }
  typename V::I32 operator()(typename V::I64 acc) const {
    if constexpr (kWide)
      return rounded(V::mul64_by_u16(acc, multiplier64));
    else
      return (*this)(V::narrow(acc));
  }
};

// The limits are applied before rounding: they are integers, so the order does not matter, and then every value fits.
// It also keeps the compiler from fusing the product with an addition.
template <class V>
struct Float32Rounding {
  typename V::F32 scale, low, high;

  Float32Rounding(const Epilogue& e, int channel)
      : scale(V::load_f32(e.scale.data() + channel)), low(V::to_f32(V::set(e.low))), high(V::to_f32(V::set(e.high))) {}

  typename V::I32 operator()(typename V::I32 acc) const {
    return V::round_even(V::clamp_f32(V::mul_f32(V::to_f32(acc), scale), low, high));
  }
  typename V::I32 operator()(typename V::I64 acc) const { return (*this)(V::narrow(acc)); }
};

template <class V>
struct Float64Rounding {
  typename V::F64 scale, low, high;

  Float64Rounding(const Epilogue& e, int channel)
      : scale(V::load_f64(e.scale64.data() + channel)),
        low(V::to_f64(V::widen64(V::set(e.low)))),
        high(V::to_f64(V::widen64(V::set(e.high)))) {}

  typename V::I32 operator()(typename V::I32 acc) const { return (*this)(V::widen64(acc)); }
  typename V::I32 operator()(typename V::I64 acc) const {
    return V::round_away(V::clamp_f64(V::mul_f64(V::to_f64(acc), scale), low, high));
  }
};

// One rounding by any rule of nw_round_shift, saturated: what is added before the floor is one number for the layer,
// less 1 where ties go away from zero and the product is negative, plus 1 where they go to even and its floor is odd.
template <class V>
struct RuleRounding {
  typename V::I32 multiplier;
  typename V::I64 multiplier64, total, base, away, even;
  bool wide;

  RuleRounding(const Epilogue& e, int channel) : multiplier(V::load(e.multiplier.data() + channel)), wide(e.wide) {
    const auto one = V::widen64(V::set(1)), none = V::widen64(V::zero()), minus_one = V::widen64(V::set(-1));
    multiplier64 = V::widen64(multiplier);
    total = V::widen64(V::sub(V::set(wide ? 15 : 31), V::load(e.shift.data() + channel)));
    const auto half = V::power_of_two64(V::add64(total, minus_one));
    away = e.rule == NW_ROUND_HALF_AWAY ? minus_one : none;
    even = e.rule == NW_ROUND_HALF_EVEN ? one : none;
    base = e.rule == NW_ROUND_TRUNCATE ? none : V::add64(half, e.rule == NW_ROUND_HALF_EVEN ? minus_one : none);
  }

  typename V::I32 rounded(typename V::I64 product) const {
    const auto negative = V::and64(V::sign64(product), away);
    const auto odd = V::and64(V::shift_right64(product, total), even);
    const auto sum = V::add64(V::add64(product, base), V::add64(negative, odd));
    return V::narrow_saturated(V::shift_right64(sum, total));
  }
  typename V::I32 operator()(typename V::I32 acc) const { return rounded(V::mul(acc, multiplier)); }
  typename V::I32 operator()(typename V::I64 acc) const {
    return wide ? rounded(V::mul64_by_u16(acc, multiplier64)) : (*this)(V::narrow(acc));
  }
};

template <class V>
inline typename V::I32 load_tile(const std::int32_t* tile) {
  return V::load(tile);
}
template <class V>
inline typename V::I64 load_tile(const std::int64_t* tile) {
  return V::load64(tile);
}

template <class V, class Rule, class T>
void finish(const Epilogue& e, int channel, int channels, const Accumulator<T>* tile, int pixels, T* y,
            std::ptrdiff_t y_stride) {
  const Rule rule(e, channel);
  const auto low = V::set(e.low), high = V::set(e.high), zero_point = V::set(e.zero_point);
  for (int p = 0; p < pixels; ++p, tile += V::kLanes, y += y_stride) {
    const auto v = rule(load_tile<V>(tile));
    V::store_low(y, V::add(V::min(V::max(v, low), high), zero_point), channels);
  }
}

}  // namespace narrow::host

#endif
