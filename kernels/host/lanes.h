// Vectors of 32-bit integers and their 64-bit products, as the layers need them: by Highway, with intrinsics where it
// has no operation. Compiled once for each of Highway's targets, into the target's namespace.
#if defined(NARROW_KERNELS_HOST_LANES_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_LANES_H
#undef NARROW_KERNELS_HOST_LANES_H
#else
#define NARROW_KERNELS_HOST_LANES_H
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using TagI32 = hn::ScalableTag<std::int32_t>;
using TagI64 = hn::ScalableTag<std::int64_t>;
using TagU64 = hn::ScalableTag<std::uint64_t>;
using TagF32 = hn::ScalableTag<float>;
using TagF64 = hn::ScalableTag<double>;
using I32 = hn::Vec<TagI32>;
using F32 = hn::Vec<TagF32>;

// 64-bit values of all lanes: those of lanes 0, 2, 4, ... and of lanes 1, 3, 5, ... Where a vector has one lane, `odd`
// repeats `even`.
template <class V>
struct EvenOdd {
  // Written out, since what the compiler makes is not compiled for the target.
  HWY_INLINE EvenOdd() {}
  HWY_INLINE EvenOdd(V even_lanes, V odd_lanes) : even(even_lanes), odd(odd_lanes) {}

  V even, odd;
};
using I64 = EvenOdd<hn::Vec<TagI64>>;
using F64 = EvenOdd<hn::Vec<TagF64>>;

inline constexpr int kLanes = static_cast<int>(hn::MaxLanes(TagI32()));

HWY_INLINE I32 zero() {
  return hn::Zero(TagI32());
}
HWY_INLINE I32 set(std::int32_t v) {
  return hn::Set(TagI32(), v);
}
HWY_INLINE I32 load(const std::int32_t* p) {
  return hn::LoadU(TagI32(), p);
}
HWY_INLINE void store(std::int32_t* p, I32 v) {
  hn::StoreU(v, TagI32(), p);
}

// In memory the values of the even lanes come first, then those of the odd ones.
HWY_INLINE I64 load64(const std::int64_t* p) {
  return {hn::LoadU(TagI64(), p), hn::LoadU(TagI64(), p + kLanes / 2)};
}
HWY_INLINE void store64(std::int64_t* p, I64 v) {
  hn::StoreU(v.even, TagI64(), p);
  if constexpr (kLanes > 1) hn::StoreU(v.odd, TagI64(), p + kLanes / 2);
}

// Conversions between 32 and 64 bits. narrow() takes the low 32 bits; high_mul is nw_high_mul for b >= 0; mul64_by_u16
// takes b in [0, 2^16) and keeps the low 64 bits.
#if HWY_TARGET == HWY_SCALAR
HWY_INLINE I64 both(hn::Vec<TagI64> v) {
  return {v, v};
}
HWY_INLINE I64 widen64(I32 v) {
  return both(hn::PromoteTo(TagI64(), v));
}
HWY_INLINE I32 narrow(I64 v) {
  return set(static_cast<std::int32_t>(hn::GetLane(v.even)));
}
HWY_INLINE I64 mul(I32 a, I32 b) {
  return both(hn::MulEven(a, b));
}
HWY_INLINE I64 mul64_by_u16(I64 a, I64 b) {
  return both(hn::Mul(a.even, b.even));
}
HWY_INLINE I32 high_mul(I32 a, I32 b) {
  return narrow(both(hn::ShiftRight<31>(hn::Add(mul(a, b).even, hn::Set(TagI64(), std::int64_t{1} << 30)))));
}
HWY_INLINE I32 high_mul_small(I32 a, I32 b) {
  return high_mul(a, b);
}
HWY_INLINE F64 load_f64(const double* p) {
  const auto v = hn::LoadU(TagF64(), p);
  return {v, v};
}
#else
HWY_INLINE hn::Vec<TagI64> upper_half(hn::Vec<TagI64> v) {  // of each 64-bit lane, without its sign
  return hn::BitCast(TagI64(), hn::ShiftRight<32>(hn::BitCast(TagU64(), v)));
}
HWY_INLINE I32 odd_to_even(I32 v) {
  return hn::BitCast(TagI32(), upper_half(hn::BitCast(TagI64(), v)));
}
HWY_INLINE I64 widen64(I32 v) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3  // no arithmetic shift of 64 bits
  const auto sign = hn::BroadcastSignBit(v);
  const auto high = hn::BitCast(TagI32(), hn::ShiftLeft<32>(hn::BitCast(TagI64(), sign)));
  return {hn::BitCast(TagI64(), hn::OddEven(high, v)), hn::BitCast(TagI64(), hn::OddEven(sign, odd_to_even(v)))};
#else
  const auto both = hn::BitCast(TagI64(), v);
  return {hn::ShiftRight<32>(hn::ShiftLeft<32>(both)), hn::ShiftRight<32>(both)};
#endif
}
HWY_INLINE I32 narrow(I64 v) {
  return hn::OddEven(hn::BitCast(TagI32(), hn::ShiftLeft<32>(v.odd)), hn::BitCast(TagI32(), v.even));
}
HWY_INLINE I64 mul(I32 a, I32 b) {
  return {hn::MulEven(a, b), hn::MulEven(odd_to_even(a), odd_to_even(b))};
}
HWY_INLINE hn::Vec<TagI64> mul64_by_u16(hn::Vec<TagI64> a, hn::Vec<TagI64> b) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  return hn::Mul(a, b);
#else
  const hn::ScalableTag<std::uint32_t> halves;
  const auto factor = hn::BitCast(halves, b);
  const auto high = hn::MulEven(hn::BitCast(halves, upper_half(a)), factor);
  return hn::BitCast(TagI64(), hn::Add(hn::MulEven(hn::BitCast(halves, a), factor), hn::ShiftLeft<32>(high)));
#endif
}
HWY_INLINE I64 mul64_by_u16(I64 a, I64 b) {
  return {mul64_by_u16(a.even, b.even), mul64_by_u16(a.odd, b.odd)};
}
HWY_INLINE I32 high_mul(I32 a, I32 b) {
#if HWY_ARCH_ARM_A64 && HWY_TARGET != HWY_EMU128
  return I32(vqrdmulhq_s32(a.raw, b.raw));
#else
  const I64 p = mul(a, b);
  const auto half = hn::Set(TagI64(), std::int64_t{1} << 30);
  const auto even = hn::ShiftRight<31>(hn::BitCast(TagU64(), hn::Add(p.even, half)));
  return hn::OddEven(hn::BitCast(TagI32(), hn::ShiftLeft<1>(hn::Add(p.odd, half))), hn::BitCast(TagI32(), even));
#endif
}
// high_mul of |a| < 2^30: of twice the product the upper halves are the result.
HWY_INLINE I32 high_mul_small(I32 a, I32 b) {
#if HWY_ARCH_ARM_A64 && HWY_TARGET != HWY_EMU128
  return high_mul(a, b);
#else
  const I64 p = mul(hn::Add(a, a), b);
  const auto half = hn::Set(TagI64(), std::int64_t{1} << 31);
  const auto even = odd_to_even(hn::BitCast(TagI32(), hn::Add(p.even, half)));
  return hn::OddEven(hn::BitCast(TagI32(), hn::Add(p.odd, half)), even);
#endif
}
HWY_INLINE F64 load_f64(const double* p) {
  const auto a = hn::LoadU(TagF64(), p), b = hn::LoadU(TagF64(), p + kLanes / 2);
  return {hn::ConcatEven(TagF64(), b, a), hn::ConcatOdd(TagF64(), b, a)};
}
#endif

HWY_INLINE I64 add64(I64 a, I64 b) {
  return {hn::Add(a.even, b.even), hn::Add(a.odd, b.odd)};
}
HWY_INLINE I64 and64(I64 a, I64 b) {
  return {hn::And(a.even, b.even), hn::And(a.odd, b.odd)};
}
HWY_INLINE I64 sign64(I64 v) {
  return {hn::BroadcastSignBit(v.even), hn::BroadcastSignBit(v.odd)};
}  // -1 or 0
HWY_INLINE I64 power_of_two64(I64 bits) {
  const auto one = hn::Set(TagI64(), 1);
  return {hn::Shl(one, bits.even), hn::Shl(one, bits.odd)};
}
HWY_INLINE I64 shift_right64(I64 v, I64 bits) {
  return {hn::Shr(v.even, bits.even), hn::Shr(v.odd, bits.odd)};
}
HWY_INLINE hn::Vec<TagI64> saturated(hn::Vec<TagI64> v) {
  return hn::Max(hn::Min(v, hn::Set(TagI64(), INT32_MAX)), hn::Set(TagI64(), INT32_MIN));
}
HWY_INLINE I32 narrow_saturated(I64 v) {
  return narrow({saturated(v.even), saturated(v.odd)});
}

HWY_INLINE F32 clamp(F32 v, F32 low, F32 high) {
  return hn::Min(hn::Max(v, low), high);
}

// 1.5 * 2^52: integers below 2^51 in size, added to its bits, are the fraction of a double.
inline constexpr double kIntegerBase = 0x1.8p52;
HWY_INLINE hn::Vec<TagF64> to_f64(hn::Vec<TagI64> v) {
  const auto base = hn::Set(TagF64(), kIntegerBase);
  return hn::Sub(hn::BitCast(TagF64(), hn::Add(v, hn::BitCast(TagI64(), base))), base);
}
HWY_INLINE F64 to_f64(I64 v) {
  return {to_f64(v.even), to_f64(v.odd)};
}
HWY_INLINE F64 mul(F64 a, F64 b) {
  return {hn::Mul(a.even, b.even), hn::Mul(a.odd, b.odd)};
}
HWY_INLINE F64 clamp(F64 v, F64 low, F64 high) {
  return {hn::Min(hn::Max(v.even, low.even), high.even), hn::Min(hn::Max(v.odd, low.odd), high.odd)};
}
// Nearest, ties away from zero, of values that fit 32 bits. Adding the double below 0.5 and truncating is exact; adding
// 0.5 is not. The low 32 bits are the integer.
HWY_INLINE hn::Vec<TagI64> round_away(hn::Vec<TagF64> v) {
  const auto below_half = hn::CopySignToAbs(hn::Set(TagF64(), 0x1.fffffffffffffp-2), v);
  return hn::BitCast(TagI64(), hn::Add(hn::Trunc(hn::Add(v, below_half)), hn::Set(TagF64(), kIntegerBase)));
}
HWY_INLINE I32 round_away(F64 v) {
  return narrow(I64{round_away(v.even), round_away(v.odd)});
}

// The first `count` lanes, which fit T.
template <class T>
HWY_INLINE void store_low(T* y, I32 v, int count) {
  const hn::Rebind<T, TagI32> tag;
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  hn::Vec<decltype(tag)> narrowed;
  if constexpr (sizeof(T) == 1)
    narrowed.raw = _mm512_cvtepi32_epi8(v.raw);
  else
    narrowed.raw = _mm512_cvtepi32_epi16(v.raw);
#else
  const auto narrowed = hn::DemoteTo(tag, v);
#endif
  if (count == kLanes) {
    hn::StoreU(narrowed, tag, y);
  } else {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN T part[kLanes];
    hn::StoreU(narrowed, tag, part);
    std::memcpy(y, part, static_cast<std::size_t>(count) * sizeof(T));
#else
    hn::BlendedStore(narrowed, hn::FirstN(tag, static_cast<std::size_t>(count)), tag, y);
#endif
  }
}

// Four vectors as one of bytes.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
using I16 = hn::Vec<hn::Repartition<std::int16_t, TagI32>>;
using I8 = hn::Vec<hn::Repartition<std::int8_t, TagI32>>;

// Lanes of each vector + zero_point, clamped to [low, high], all within int8: adding in 16 bits saturates in the right
// direction. The lanes of a come first, then those of b, c and d.
HWY_INLINE I8 join_bytes(I32 a, I32 b, I32 c, I32 d, I16 zero_point, I8 low, I8 high) {
#if HWY_TARGET <= HWY_AVX3
  const I16 ab{_mm512_packs_epi32(a.raw, b.raw)}, cd{_mm512_packs_epi32(c.raw, d.raw)};
  const I8 all{_mm512_packs_epi16(hn::SaturatedAdd(ab, zero_point).raw, hn::SaturatedAdd(cd, zero_point).raw)};
  const __m512i in_order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return {_mm512_permutexvar_epi32(in_order, hn::Min(hn::Max(all, low), high).raw)};
#elif HWY_TARGET == HWY_AVX2
  const I16 ab{_mm256_packs_epi32(a.raw, b.raw)}, cd{_mm256_packs_epi32(c.raw, d.raw)};
  const I8 all{_mm256_packs_epi16(hn::SaturatedAdd(ab, zero_point).raw, hn::SaturatedAdd(cd, zero_point).raw)};
  const __m256i in_order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  return I8{_mm256_permutevar8x32_epi32(hn::Min(hn::Max(all, low), high).raw, in_order)};
#else
  const I16 ab{_mm_packs_epi32(a.raw, b.raw)}, cd{_mm_packs_epi32(c.raw, d.raw)};
  const I8 all{_mm_packs_epi16(hn::SaturatedAdd(ab, zero_point).raw, hn::SaturatedAdd(cd, zero_point).raw)};
  return hn::Min(hn::Max(all, low), high);
#endif
}
#endif

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
