// Sixteen lanes of 32 bits: AVX-512 F, BW, VL, DQ and VNNI.
#ifndef NARROW_KERNELS_HOST_LANES_AVX512_H
#define NARROW_KERNELS_HOST_LANES_AVX512_H

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace narrow::host {

struct Avx512 {
  static constexpr int kLanes = 16;
  static constexpr int kPixels = 8;  // times two blocks: 16 of 32 registers, enough to hide the latency of vpdpwssd

  using I32 = __m512i;
  using F32 = __m512;
  struct I64 {
    __m512i even, odd;
  };
  struct F64 {
    __m512d even, odd;
  };

  static I32 zero() { return _mm512_setzero_si512(); }
  static I32 set(std::int32_t v) { return _mm512_set1_epi32(v); }
  static I32 load(const void* p) { return _mm512_loadu_si512(p); }
  static void store(std::int32_t* p, I32 v) { _mm512_storeu_si512(p, v); }
  static I64 load64(const std::int64_t* p) { return {_mm512_loadu_si512(p), _mm512_loadu_si512(p + 8)}; }
  static void store64(std::int64_t* p, I64 v) {
    _mm512_storeu_si512(p, v.even);
    _mm512_storeu_si512(p + 8, v.odd);
  }

  // Two neighbouring elements in every lane.
  static I32 pair(const std::int16_t* p) {
    std::int32_t both;
    std::memcpy(&both, p, sizeof both);
    return _mm512_set1_epi32(both);
  }
  // One element per lane, in its low half; the high half meets a weight of 0.
  static I32 low_halves(const std::int16_t* p) {
    return _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  static I32 dot2(I32 acc, I32 a, I32 b) { return _mm512_dpwssd_epi32(acc, a, b); }

  static I32 add(I32 a, I32 b) { return _mm512_add_epi32(a, b); }
  static I32 sub(I32 a, I32 b) { return _mm512_sub_epi32(a, b); }
  static I32 min(I32 a, I32 b) { return _mm512_min_epi32(a, b); }
  static I32 max(I32 a, I32 b) { return _mm512_max_epi32(a, b); }
  static I32 bit_and(I32 a, I32 b) { return _mm512_and_si512(a, b); }
  static I32 sign(I32 v) { return _mm512_srai_epi32(v, 31); }  // -1 or 0
  static I32 shift_left(I32 v, I32 bits) { return _mm512_sllv_epi32(v, bits); }
  static I32 shift_right(I32 v, I32 bits) { return _mm512_srav_epi32(v, bits); }
  static I32 shift_right_logical1(I32 v) { return _mm512_srli_epi32(v, 1); }
  static I32 add_if_greater(I32 v, I32 a, I32 b) {
    return _mm512_mask_add_epi32(v, _mm512_cmpgt_epi32_mask(a, b), v, set(1));
  }

  static I64 widen64(I32 v) { return {_mm512_srai_epi64(_mm512_slli_epi64(v, 32), 32), _mm512_srai_epi64(v, 32)}; }
  static I32 narrow(I64 v) { return _mm512_mask_blend_epi32(0xAAAA, v.even, _mm512_slli_epi64(v.odd, 32)); }
  static __m512i saturated(__m512i v) {
    return _mm512_max_epi64(_mm512_min_epi64(v, _mm512_set1_epi64(INT32_MAX)), _mm512_set1_epi64(INT32_MIN));
  }
  static I32 narrow_saturated(I64 v) { return narrow({saturated(v.even), saturated(v.odd)}); }
  static I64 mul(I32 a, I32 b) {
    return {_mm512_mul_epi32(a, b), _mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(b, 32))};
  }
  static I64 mul64_by_u16(I64 a, I64 b) {
    return {_mm512_mullo_epi64(a.even, b.even), _mm512_mullo_epi64(a.odd, b.odd)};
  }
  static I64 add64(I64 a, I64 b) { return {_mm512_add_epi64(a.even, b.even), _mm512_add_epi64(a.odd, b.odd)}; }
  static I64 and64(I64 a, I64 b) { return {_mm512_and_si512(a.even, b.even), _mm512_and_si512(a.odd, b.odd)}; }
  static I64 sign64(I64 v) { return {_mm512_srai_epi64(v.even, 63), _mm512_srai_epi64(v.odd, 63)}; }
  static I64 power_of_two64(I64 bits) {
    const __m512i one = _mm512_set1_epi64(1);
    return {_mm512_sllv_epi64(one, bits.even), _mm512_sllv_epi64(one, bits.odd)};
  }
  static I64 shift_right64(I64 v, I64 bits) {
    return {_mm512_srav_epi64(v.even, bits.even), _mm512_srav_epi64(v.odd, bits.odd)};
  }
  // nw_high_mul for b >= 0.
  static I32 high_mul(I32 a, I32 b) {
    const I64 p = mul(a, b);
    const __m512i half = _mm512_set1_epi64(std::int64_t{1} << 30);
    return _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(_mm512_add_epi64(p.even, half), 31),
                                   _mm512_slli_epi64(_mm512_add_epi64(p.odd, half), 1));
  }

  static F32 load_f32(const float* p) { return _mm512_loadu_ps(p); }
  static F32 to_f32(I32 v) { return _mm512_cvtepi32_ps(v); }
  static F32 mul_f32(F32 a, F32 b) { return _mm512_mul_ps(a, b); }
  static F32 clamp_f32(F32 v, F32 low, F32 high) { return _mm512_min_ps(_mm512_max_ps(v, low), high); }
  static I32 round_even(F32 v) { return _mm512_cvt_roundps_epi32(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }

  static F64 load_f64(const double* p) {
    const __m512d a = _mm512_loadu_pd(p), b = _mm512_loadu_pd(p + 8);
    return {_mm512_permutex2var_pd(a, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), b),
            _mm512_permutex2var_pd(a, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), b)};
  }
  static F64 to_f64(I64 v) { return {_mm512_cvtepi64_pd(v.even), _mm512_cvtepi64_pd(v.odd)}; }
  static F64 mul_f64(F64 a, F64 b) { return {_mm512_mul_pd(a.even, b.even), _mm512_mul_pd(a.odd, b.odd)}; }
  static F64 clamp_f64(F64 v, F64 low, F64 high) {
    return {_mm512_min_pd(_mm512_max_pd(v.even, low.even), high.even),
            _mm512_min_pd(_mm512_max_pd(v.odd, low.odd), high.odd)};
  }
  // Adding the double below 0.5 and truncating is exact; adding 0.5 is not.
  static __m512i round_away(__m512d v) {
    const __m512d sign = _mm512_and_pd(v, _mm512_set1_pd(-0.0));
    return _mm512_cvttpd_epi64(_mm512_add_pd(v, _mm512_or_pd(sign, _mm512_set1_pd(0x1.fffffffffffffp-2))));
  }
  static I32 round_away(F64 v) { return narrow(I64{round_away(v.even), round_away(v.odd)}); }

  // The low bits of the first `count` lanes.
  static void store_low(std::int8_t* y, I32 v, int count) {
    const __m128i bytes = _mm512_cvtepi32_epi8(v);
    if (count == kLanes)
      _mm_storeu_si128(reinterpret_cast<__m128i*>(y), bytes);
    else
      _mm_mask_storeu_epi8(y, static_cast<__mmask16>((1U << count) - 1), bytes);
  }
  static void store_low(std::int16_t* y, I32 v, int count) {
    const __m256i words = _mm512_cvtepi32_epi16(v);
    if (count == kLanes)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(y), words);
    else
      _mm256_mask_storeu_epi16(y, static_cast<__mmask16>((1U << count) - 1), words);
  }
};

}  // namespace narrow::host

#endif
