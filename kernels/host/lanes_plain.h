// Four lanes of 32 bits in plain C++, for any machine; the loops are what compilers vectorize.
#ifndef NARROW_KERNELS_HOST_LANES_PLAIN_H
#define NARROW_KERNELS_HOST_LANES_PLAIN_H

#include <cmath>
#include <cstdint>
#include <cstring>

namespace narrow::host {

struct Plain {
  static constexpr int kLanes = 4;
  static constexpr int kPixels = 2;

  template <class V>
  struct Lanes {
    V v[kLanes];
  };
  using I32 = Lanes<std::int32_t>;
  using F32 = Lanes<float>;
  using I64 = Lanes<std::int64_t>;  // in order; only load64 and store64 separate even and odd lanes
  using F64 = Lanes<double>;

  template <class Out, class F>
  static Lanes<Out> each(F f) {
    Lanes<Out> out;
    for (int i = 0; i < kLanes; ++i) out.v[i] = f(i);
    return out;
  }
  template <class F>
  static I32 i32(F f) {
    return each<std::int32_t>(f);
  }
  template <class F>
  static I64 i64(F f) {
    return each<std::int64_t>(f);
  }
  // Wraps as vector instructions do; conversions to a signed type keep the low bits (C++20).
  static std::int32_t wrap(std::uint32_t v) { return static_cast<std::int32_t>(v); }
  static std::int32_t wrapped_sum(std::int32_t a, std::int32_t b) {
    return wrap(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
  }

  static I32 zero() { return set(0); }
  static I32 set(std::int32_t v) {
    return i32([=](int) { return v; });
  }
  static I32 load(const void* p) {
    I32 out;
    std::memcpy(&out, p, sizeof out);
    return out;
  }
  static void store(std::int32_t* p, const I32& v) { std::memcpy(p, &v, sizeof v); }
  static int place(int lane) { return lane / 2 + (lane % 2) * (kLanes / 2); }
  static I64 load64(const std::int64_t* p) {
    return i64([=](int i) { return p[place(i)]; });
  }
  static void store64(std::int64_t* p, const I64& v) {
    for (int i = 0; i < kLanes; ++i) p[place(i)] = v.v[i];
  }

  // Two neighbouring elements in every lane.
  static I32 pair(const std::int16_t* p) {
    std::int32_t both;
    std::memcpy(&both, p, sizeof both);
    return set(both);
  }
  // One element per lane, in its low half; the high half meets a weight of 0.
  static I32 low_halves(const std::int16_t* p) {
    return i32([=](int i) { return std::int32_t{p[i]}; });
  }
  static I32 dot2(const I32& acc, const I32& a, const I32& b) {
    return i32(
        [&](int i) { return wrapped_sum(acc.v[i], low(a.v[i]) * low(b.v[i]) + (a.v[i] >> 16) * (b.v[i] >> 16)); });
  }
  static std::int32_t low(std::int32_t v) { return wrap(static_cast<std::uint32_t>(v) << 16) >> 16; }

  static I32 add(const I32& a, const I32& b) {
    return i32([&](int i) { return wrapped_sum(a.v[i], b.v[i]); });
  }
  static I32 sub(const I32& a, const I32& b) {
    return i32([&](int i) { return wrap(static_cast<std::uint32_t>(a.v[i]) - static_cast<std::uint32_t>(b.v[i])); });
  }
  static I32 min(const I32& a, const I32& b) {
    return i32([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; });
  }
  static I32 max(const I32& a, const I32& b) {
    return i32([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; });
  }
  static I32 bit_and(const I32& a, const I32& b) {
    return i32([&](int i) { return a.v[i] & b.v[i]; });
  }
  static I32 sign(const I32& v) {
    return i32([&](int i) { return v.v[i] >> 31; });
  }
  static I32 shift_left(const I32& v, const I32& bits) {
    return i32([&](int i) { return wrap(static_cast<std::uint32_t>(v.v[i]) << bits.v[i]); });
  }
  static I32 shift_right(const I32& v, const I32& bits) {
    return i32([&](int i) { return v.v[i] >> bits.v[i]; });
  }
  static I32 shift_right_logical1(const I32& v) {
    return i32([&](int i) { return wrap(static_cast<std::uint32_t>(v.v[i]) >> 1); });
  }
  static I32 add_if_greater(const I32& v, const I32& a, const I32& b) {
    return i32([&](int i) { return v.v[i] + (a.v[i] > b.v[i]); });
  }

  static I64 widen64(const I32& v) {
    return i64([&](int i) { return std::int64_t{v.v[i]}; });
  }
  static I32 narrow(const I64& v) {
    return i32([&](int i) { return static_cast<std::int32_t>(v.v[i]); });
  }
  static I32 narrow_saturated(const I64& v) {
    return i32([&](int i) { return static_cast<std::int32_t>(clamp<std::int64_t>(v.v[i], INT32_MIN, INT32_MAX)); });
  }
  static I64 mul(const I32& a, const I32& b) {
    return i64([&](int i) { return std::int64_t{a.v[i]} * b.v[i]; });
  }
  static I64 mul64_by_u16(const I64& a, const I64& b) {
    return i64([&](int i) { return a.v[i] * b.v[i]; });
  }
  static I64 add64(const I64& a, const I64& b) {
    return i64([&](int i) { return a.v[i] + b.v[i]; });
  }
  static I64 and64(const I64& a, const I64& b) {
    return i64([&](int i) { return a.v[i] & b.v[i]; });
  }
  static I64 sign64(const I64& v) {
    return i64([&](int i) { return v.v[i] >> 63; });
  }
  static I64 power_of_two64(const I64& bits) {
    return i64([&](int i) { return std::int64_t{1} << bits.v[i]; });
  }
  static I64 shift_right64(const I64& v, const I64& bits) {
    return i64([&](int i) { return v.v[i] >> bits.v[i]; });
  }
  // nw_high_mul for b >= 0.
  static I32 high_mul(const I32& a, const I32& b) {
    return i32([&](int i) {
      return static_cast<std::int32_t>((std::int64_t{a.v[i]} * b.v[i] + (std::int64_t{1} << 30)) >> 31);
    });
  }

  static F32 load_f32(const float* p) {
    return each<float>([=](int i) { return p[i]; });
  }
  static F32 to_f32(const I32& v) {
    return each<float>([&](int i) { return static_cast<float>(v.v[i]); });
  }
  static F32 mul_f32(const F32& a, const F32& b) {
    return each<float>([&](int i) { return a.v[i] * b.v[i]; });
  }
  static F32 clamp_f32(const F32& v, const F32& low, const F32& high) {
    return each<float>([&](int i) { return clamp(v.v[i], low.v[i], high.v[i]); });
  }
  template <class F>
  static F clamp(F v, F low, F high) {
    v = v > low ? v : low;
    return v < high ? v : high;
  }
  static I32 round_even(const F32& v) {
    return i32([&](int i) { return static_cast<std::int32_t>(std::lrintf(v.v[i])); });
  }

  static F64 load_f64(const double* p) {
    return each<double>([=](int i) { return p[i]; });
  }
  static F64 to_f64(const I64& v) {
    return each<double>([&](int i) { return static_cast<double>(v.v[i]); });
  }
  static F64 mul_f64(const F64& a, const F64& b) {
    return each<double>([&](int i) { return a.v[i] * b.v[i]; });
  }
  static F64 clamp_f64(const F64& v, const F64& low, const F64& high) {
    return each<double>([&](int i) { return clamp(v.v[i], low.v[i], high.v[i]); });
  }
  static I32 round_away(const F64& v) {
    return i32([&](int i) { return static_cast<std::int32_t>(std::round(v.v[i])); });
  }

  // The first `count` lanes, which fit T.
  template <class T>
  static void store_low(T* y, const I32& v, int count) {
    for (int i = 0; i < (count < kLanes ? count : kLanes); ++i) y[i] = static_cast<T>(v.v[i]);
  }
};

}  // namespace narrow::host

#endif
