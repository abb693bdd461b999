// From sums to outputs, equal to nw_requantize.h for every accumulator. Compiled once for each of Highway's targets,
// into the target's namespace. Where a 64-bit result becomes one of 32 bits, its low bits are taken, as the scalar
// functions do.
#if defined(NARROW_KERNELS_HOST_REQUANTIZE_LANES_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_REQUANTIZE_LANES_H
#undef NARROW_KERNELS_HOST_REQUANTIZE_LANES_H
#else
#define NARROW_KERNELS_HOST_REQUANTIZE_LANES_H
#endif

#include "isa.h"
#include "lanes.h"
#include "nw_requantize.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {
// High multiply, ties up, then a right shift whose ties go away from zero, or up. The right shift looks at the
// remainder instead of adding a half, which could leave 32 bits.
template <bool kTiesUp>
struct DoubleRounding {
  I32 multiplier, left, right, mask, half;

  DoubleRounding(const Epilogue& e, int channel) : multiplier(load(e.multiplier.data() + channel)) {
    const auto shift = load(e.shift.data() + channel);
    left = hn::Max(shift, zero());
    right = hn::Max(hn::Sub(zero(), shift), zero());
    mask = hn::Sub(hn::Shl(set(1), right), set(1));
    half = hn::ShiftRight<1>(mask);
  }

  I32 operator()(I32 acc) const {
    const auto v = high_mul(hn::Shl(acc, left), multiplier);
    const auto threshold = kTiesUp ? half : hn::Sub(half, hn::BroadcastSignBit(v));
    const auto up = hn::VecFromMask(TagI32(), hn::Gt(hn::And(v, mask), threshold));  // -1 or 0
    return hn::Sub(hn::Shr(v, right), up);
  }
  I32 operator()(I64 acc) const { return (*this)(narrow(acc)); }
};

// The same of |acc| < 2^30 and without left shifts, so that a half can be added.
template <bool kTiesUp>
struct SmallDoubleRounding {
  I32 multiplier, right, half, away;

  SmallDoubleRounding(const Epilogue& e, int channel) : multiplier(load(e.multiplier.data() + channel)) {
    right = hn::Sub(zero(), load(e.shift.data() + channel));
    const auto shifted = hn::VecFromMask(TagI32(), hn::Gt(right, zero()));
    const auto mask = hn::Sub(hn::Shl(set(1), right), set(1));
    half = hn::And(hn::Add(hn::ShiftRight<1>(mask), set(1)), shifted);
    away = kTiesUp ? zero() : shifted;
  }

  I32 operator()(I32 acc) const {
    const auto v = high_mul_small(acc, multiplier);
    const auto adjusted = hn::Add(v, half);
    if constexpr (kTiesUp) return hn::Shr(adjusted, right);
    return hn::Shr(hn::Add(adjusted, hn::And(hn::BroadcastSignBit(v), away)), right);
  }
};

// One rounding of the 64-bit product, ties up. The factor 2^-shift is taken off a product with kUnitBits fraction bits.
template <bool kWide>
struct SingleRounding {
  static constexpr int kUnitBits = kWide ? 15 : 31;
  I32 multiplier;
  I64 multiplier64, total, half;

  SingleRounding(const Epilogue& e, int channel) : multiplier(load(e.multiplier.data() + channel)) {
    multiplier64 = widen64(multiplier);
    total = widen64(hn::Sub(set(kUnitBits), load(e.shift.data() + channel)));
    half = power_of_two64(add64(total, widen64(set(-1))));
  }

  I32 rounded(I64 product) const { return narrow(shift_right64(add64(product, half), total)); }
  I32 operator()(I32 acc) const { return rounded(mul(acc, multiplier)); }
  I32 operator()(I64 acc) const {
    if constexpr (kWide)
      return rounded(mul64_by_u16(acc, multiplier64));
    else
      return (*this)(narrow(acc));
  }
};

// The limits are applied before rounding: they are integers, so the order does not matter, and then every value fits.
// It also keeps the compiler from fusing the product with an addition.
struct Float32Rounding {
  F32 scale, low, high;

  Float32Rounding(const Epilogue& e, int channel)
      : scale(hn::LoadU(TagF32(), e.scale.data() + channel)),
        low(hn::ConvertTo(TagF32(), set(e.low))),
        high(hn::ConvertTo(TagF32(), set(e.high))) {}

  I32 operator()(I32 acc) const {
    return hn::NearestInt(clamp(hn::Mul(hn::ConvertTo(TagF32(), acc), scale), low, high));
  }
  I32 operator()(I64 acc) const { return (*this)(narrow(acc)); }
};

struct Float64Rounding {
  F64 scale, low, high;

  Float64Rounding(const Epilogue& e, int channel)
      : scale(load_f64(e.scale64.data() + channel)),
        low(to_f64(widen64(set(e.low)))),
        high(to_f64(widen64(set(e.high)))) {}

  I32 operator()(I32 acc) const { return (*this)(widen64(acc)); }
  I32 operator()(I64 acc) const { return round_away(clamp(mul(to_f64(acc), scale), low, high)); }
};

// One rounding by any rule of nw_round_shift, saturated: what is added before the floor is one number for the layer,
// less 1 where ties go away from zero and the product is negative, plus 1 where they go to even and its floor is odd.
struct RuleRounding {
  I32 multiplier;
  I64 multiplier64, total, base, away, even;
  bool wide;

  RuleRounding(const Epilogue& e, int channel) : multiplier(load(e.multiplier.data() + channel)), wide(e.wide) {
    const auto one = widen64(set(1)), none = widen64(zero()), minus_one = widen64(set(-1));
    multiplier64 = widen64(multiplier);
    total = widen64(hn::Sub(set(wide ? 15 : 31), load(e.shift.data() + channel)));
    const auto half = power_of_two64(add64(total, minus_one));
    away = e.rule == NW_ROUND_HALF_AWAY ? minus_one : none;
    even = e.rule == NW_ROUND_HALF_EVEN ? one : none;
    base = e.rule == NW_ROUND_TRUNCATE ? none : add64(half, e.rule == NW_ROUND_HALF_EVEN ? minus_one : none);
  }

  I32 rounded(I64 product) const {
    const auto negative = and64(sign64(product), away);
    const auto odd = and64(shift_right64(product, total), even);
    const auto sum = add64(add64(product, base), add64(negative, odd));
    return narrow_saturated(shift_right64(sum, total));
  }
  I32 operator()(I32 acc) const { return rounded(mul(acc, multiplier)); }
  I32 operator()(I64 acc) const { return wide ? rounded(mul64_by_u16(acc, multiplier64)) : (*this)(narrow(acc)); }
};

inline I32 load_tile(const std::int32_t* tile) {
  return load(tile);
}
inline I64 load_tile(const std::int64_t* tile) {
  return load64(tile);
}

// As many pixels as make whole vectors of bytes: how many.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
template <class Rule>
int finish_joined(const Rule& rule, const Epilogue& e, int channels, const std::int32_t* tile, int pixels,
                  std::int8_t* y, std::ptrdiff_t y_stride) {
  int p = 0;
  const hn::Repartition<std::int16_t, TagI32> words;
  const hn::Repartition<std::int8_t, TagI32> bytes;
  const auto zero_point = hn::Set(words, static_cast<std::int16_t>(e.zero_point));
  const auto low = hn::Set(bytes, static_cast<std::int8_t>(e.low + e.zero_point));
  const auto high = hn::Set(bytes, static_cast<std::int8_t>(e.high + e.zero_point));
  const auto sums = [&](int i) HWY_ATTR { return rule(load(tile + (p + i) * kLanes)); };
  for (; p + 4 <= pixels; p += 4, y += 4 * y_stride) {
    const auto all = join_bytes(sums(0), sums(1), sums(2), sums(3), zero_point, low, high);
    if (channels == kLanes && y_stride == kLanes) {
      hn::StoreU(all, bytes, y);
      continue;
    }
    HWY_ALIGN std::int8_t part[4 * kLanes];
    hn::Store(all, bytes, part);
    for (int i = 0; i < 4; ++i) {
      if (channels == kLanes)
        std::memcpy(y + i * y_stride, part + i * kLanes, kLanes);
      else
        std::memcpy(y + i * y_stride, part + i * kLanes, static_cast<std::size_t>(channels));
    }
  }
  return p;
}
#else
template <class... Any>
int finish_joined(const Any&...) {
  return 0;
}
#endif

template <class Rule, class T>
void finish(const Epilogue& e, int channel, int channels, const Accumulator<T>* tile, int pixels, T* y,
            std::ptrdiff_t y_stride) {
  const Rule rule(e, channel);
  const auto low = set(e.low), high = set(e.high), zero_point = set(e.zero_point);
  int p = 0;
  if constexpr (sizeof(T) == 1) p = finish_joined(rule, e, channels, tile, pixels, y, y_stride);
  tile += p * kLanes;
  y += p * y_stride;
  for (; p < pixels; ++p, tile += kLanes, y += y_stride) {
    const auto v = rule(load_tile(tile));
    store_low(y, hn::Add(hn::Min(hn::Max(v, low), high), zero_point), channels);
  }
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
