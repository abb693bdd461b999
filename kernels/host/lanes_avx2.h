// Eight lanes of 32 bits: AVX2. What AVX2 lacks for 64-bit lanes is put together here.
#ifndef NARROW_KERNELS_HOST_LANES_AVX2_H
#define NARROW_KERNELS_HOST_LANES_AVX2_H

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace narrow::host {

struct Avx2 {
  static constexpr int kLanes = 8;
  static constexpr int kPixels = 4;  // times two blocks: 8 of 16 registers

  using I32 = __m256i;
  using F32 = __m256;
  struct I64 {
    __m256i even, odd;
  };
  struct F64 {
    __m256d even, odd;
  };

  static I32 zero() { return _mm256_setzero_si256(); }
  static I32 set(std::int32_t v) { return _mm256_set1_epi32(v); }
  static I32 load(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
  static void store(void* p, I32 v) { _mm256_storeu_si256(static_cast<__m256i*>(p), v); }
  static I64 load64(const std::int64_t* p) { return {load(p), load(p + 4)}; }
  static void store64(std::int64_t* p, I64 v) {
    store(p, v.even);
    store(p + 4, v.odd);
  }

  // Two neighbouring elements in every lane.
  static I32 pair(const std::int16_t* p) {
    std::int32_t both;
    std::memcpy(&both, p, sizeof both);
    return _mm256_set1_epi32(both);
  }
  // One element per lane, in its low half; the high half meets a weight of 0.
  static I32 low_halves(const std::int16_t* p) {
    return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static I32 dot2(I32 acc, I32 a, I32 b) { return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b)); }

  static I32 add(I32 a, I32 b) { return _mm256_add_epi32(a, b); }
  static I32 sub(I32 a, I32 b) { return _mm256_sub_epi32(a, b); }
  static I32 min(I32 a, I32 b) { return _mm256_min_epi32(a, b); }
  static I32 max(I32 a, I32 b) { return _mm256_max_epi32(a, b); }
  static I32 bit_and(I32 a, I32 b) { return _mm256_and_si256(a, b); }
  static I32 sign(I32 v) { return _mm256_srai_epi32(v, 31); }  // -1 or 0
  static I32 shift_left(I32 v, I32 bits) { return _mm256_sllv_epi32(v, bits); }
  static I32 shift_right(I32 v, I32 bits) { return _mm256_srav_epi32(v, bits); }
  static I32 shift_right_logical1(I32 v) { return _mm256_srli_epi32(v, 1); }
  static I32 add_if_greater(I32 v, I32 a, I32 b) { return _mm256_sub_epi32(v, _mm256_cmpgt_epi32(a, b)); }

  static I64 widen64(I32 v) {
    const __m256i high = sign(v);
    return {_mm256_blend_epi32(v, _mm256_slli_epi64(high, 32), 0xAA),
            _mm256_blend_epi32(_mm256_srli_epi64(v, 32), high, 0xAA)};
  }
  static I32 narrow(I64 v) { return _mm256_blend_epi32(v.even, _mm256_slli_epi64(v.odd, 32), 0xAA); }
  // Where the high half is not the low half's sign, it has the sign of the end to saturate to.
  static I32 narrow_saturated(I64 v) {
    const __m256i low = narrow(v), high = _mm256_blend_epi32(_mm256_srli_epi64(v.even, 32), v.odd, 0xAA);
    const __m256i end = _mm256_xor_si256(sign(high), set(INT32_MAX));
    return _mm256_blendv_epi8(end, low, _mm256_cmpeq_epi32(high, sign(low)));
  }
  static I64 mul(I32 a, I32 b) {
    return {_mm256_mul_epi32(a, b), _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32))};
  }
  static __m256i mul64_by_u16(__m256i a, __m256i b) {
    const __m256i high = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), b);
    return _mm256_add_epi64(_mm256_mul_epu32(a, b), _mm256_slli_epi64(high, 32));
  }
  static I64 mul64_by_u16(I64 a, I64 b) { return {mul64_by_u16(a.even, b.even), mul64_by_u16(a.odd, b.odd)}; }
  static I64 add64(I64 a, I64 b) { return {_mm256_add_epi64(a.even, b.even), _mm256_add_epi64(a.odd, b.odd)}; }
  static I64 and64(I64 a, I64 b) { return {_mm256_and_si256(a.even, b.even), _mm256_and_si256(a.odd, b.odd)}; }
  static I64 sign64(I64 v) { return {_mm256_cmpgt_epi64(zero(), v.even), _mm256_cmpgt_epi64(zero(), v.odd)}; }
  static I64 power_of_two64(I64 bits) {
    const __m256i one = _mm256_set1_epi64x(1);
    return {_mm256_sllv_epi64(one, bits.even), _mm256_sllv_epi64(one, bits.odd)};
  }
  // Offset by 2^63 the value is not negative; the offset's own shift is taken off again.
  static __m256i shift_right64(__m256i v, __m256i bits) {
    const __m256i offset = _mm256_set1_epi64x(INT64_MIN);
    return _mm256_sub_epi64(_mm256_srlv_epi64(_mm256_xor_si256(v, offset), bits), _mm256_srlv_epi64(offset, bits));
  }
  static I64 shift_right64(I64 v, I64 bits) {
    return {shift_right64(v.even, bits.even), shift_right64(v.odd, bits.odd)};
  }
  // nw_high_mul for b >= 0.
  static I32 high_mul(I32 a, I32 b) {
    const I64 p = mul(a, b);
    const __m256i half = _mm256_set1_epi64x(std::int64_t{1} << 30);
    return _mm256_blend_epi32(_mm256_srli_epi64(_mm256_add_epi64(p.even, half), 31),
                              _mm256_slli_epi64(_mm256_add_epi64(p.odd, half), 1), 0xAA);
  }

  static F32 load_f32(const float* p) { return _mm256_loadu_ps(p); }
  static F32 to_f32(I32 v) { return _mm256_cvtepi32_ps(v); }
  static F32 mul_f32(F32 a, F32 b) { return _mm256_mul_ps(a, b); }
  static F32 clamp_f32(F32 v, F32 low, F32 high) { return _mm256_min_ps(_mm256_max_ps(v, low), high); }
  static I32 round_even(F32 v) {
    return _mm256_cvtps_epi32(_mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }

  static F64 load_f64(const double* p) {
    const __m256d a = _mm256_loadu_pd(p), b = _mm256_loadu_pd(p + 4);
    return {_mm256_permute4x64_pd(_mm256_unpacklo_pd(a, b), 0xD8),
            _mm256_permute4x64_pd(_mm256_unpackhi_pd(a, b), 0xD8)};
  }
  // 1.5 * 2^52: integers below 2^51 in size, added to its bits, are the fraction of a double.
  static constexpr double kIntegerBase = 0x1.8p52;
  static __m256d to_f64(__m256i v) {
    const __m256d base = _mm256_set1_pd(kIntegerBase);
    return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_add_epi64(v, _mm256_castpd_si256(base))), base);
  }
  static F64 to_f64(I64 v) { return {to_f64(v.even), to_f64(v.odd)}; }
  static F64 mul_f64(F64 a, F64 b) { return {_mm256_mul_pd(a.even, b.even), _mm256_mul_pd(a.odd, b.odd)}; }
  static F64 clamp_f64(F64 v, F64 low, F64 high) {
    return {_mm256_min_pd(_mm256_max_pd(v.even, low.even), high.even),
            _mm256_min_pd(_mm256_max_pd(v.odd, low.odd), high.odd)};
  }
  // Adding the double below 0.5 and truncating is exact; adding 0.5 is not. The low 32 bits are the integer.
  static __m256i round_away(__m256d v) {
    const __m256d sign = _mm256_and_pd(v, _mm256_set1_pd(-0.0));
    const __m256d moved = _mm256_add_pd(v, _mm256_or_pd(sign, _mm256_set1_pd(0x1.fffffffffffffp-2)));
    const __m256d whole = _mm256_round_pd(moved, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
    return _mm256_castpd_si256(_mm256_add_pd(whole, _mm256_set1_pd(kIntegerBase)));
  }
  static I32 round_away(F64 v) { return narrow(I64{round_away(v.even), round_away(v.odd)}); }

  // The first `count` lanes, which fit the type of y.
  static void store_low(std::int16_t* y, I32 v, int count) {
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    store_part(y, words, count * 2, count == kLanes);
  }
  static void store_low(std::int8_t* y, I32 v, int count) {
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    const __m128i bytes = _mm_packs_epi16(words, words);
    if (count == kLanes)
      _mm_storel_epi64(reinterpret_cast<__m128i*>(y), bytes);
    else
      store_part(y, bytes, count, false);
  }
  static void store_part(void* y, __m128i v, int bytes, bool whole) {
    if (whole) {
      _mm_storeu_si128(static_cast<__m128i*>(y), v);
      return;
    }
    alignas(16) std::int8_t part[16];
    _mm_store_si128(reinterpret_cast<__m128i*>(part), v);
    std::memcpy(y, part, static_cast<std::size_t>(bytes));
  }
};

}  // namespace narrow::host

#endif
