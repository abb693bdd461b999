// Sums of products in each lane of 32 bits: of two elements of 16 bits (pairs), or of four of 8 bits (quads) where the
// processor has an instruction for these. Compiled once for each of Highway's targets, into the target's namespace.
#if defined(NARROW_KERNELS_HOST_DOT_LANES_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_DOT_LANES_H
#undef NARROW_KERNELS_HOST_DOT_LANES_H
#else
#define NARROW_KERNELS_HOST_DOT_LANES_H
#endif

#include <bit>

#include "lanes.h"

// Instructions that Highway's targets do not ask for, so that whether the processor has them is found out beside: VNNI,
// of AVX-512 or of AVX, and the dot products of Armv8.2.
#undef NARROW_HAS_DOT_INSTRUCTIONS
#if (HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2) || \
    (HWY_ARCH_ARM_A64 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128)
#define NARROW_HAS_DOT_INSTRUCTIONS 1
#else
#define NARROW_HAS_DOT_INSTRUCTIONS 0
#endif

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// Pixels that are summed at a time, each with two blocks of channels, or twice as many with one: half of the registers
// hold the sums.
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
inline constexpr int kPixels = 2;
#elif HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
inline constexpr int kPixels = 4;
#else
inline constexpr int kPixels = 8;
#endif

// A word of weights for each lane.
HWY_INLINE I32 weights(const std::int32_t* p) {
  return hn::LoadU(TagI32(), p);
}

// The same 32 bits of the band for every lane.
template <class E>
HWY_INLINE I32 word(const E* p) {
  std::int32_t bits;
  std::memcpy(&bits, p, sizeof bits);
  return set(bits);
}

// Pairs. A vector of weights holds two for each lane: side by side, or, where kPairsApart, the first ones of all lanes
// before the second ones.
#if HWY_ARCH_ARM_A64 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
inline constexpr bool kPairsApart = true;

// Two neighbouring elements, for every lane.
HWY_INLINE I32 operand(const std::int16_t* p) {
  return I32(vreinterpretq_s32_s16(vcombine_s16(vld1_dup_s16(p), vld1_dup_s16(p + 1))));
}
// One element for each lane; the second weight of the lane meets 0.
HWY_INLINE I32 singles(const std::int16_t* p) {
  return I32(vreinterpretq_s32_s16(vcombine_s16(vld1_s16(p), vdup_n_s16(0))));
}
template <bool kDot>
HWY_INLINE I32 dot(I32 acc, I32 a, I32 b, std::int16_t) {
  const int16x8_t x = vreinterpretq_s16_s32(a.raw), w = vreinterpretq_s16_s32(b.raw);
  return I32(vmlal_high_s16(vmlal_s16(acc.raw, vget_low_s16(x), vget_low_s16(w)), x, w));
}
#else
inline constexpr bool kPairsApart = false;

HWY_INLINE I32 operand(const std::int16_t* p) {
  return word(p);
}
// What is in the other half of the lane meets a weight of 0.
HWY_INLINE I32 singles(const std::int16_t* p) {
  const auto v = hn::PromoteTo(TagI32(), hn::LoadU(hn::Rebind<std::int16_t, TagI32>(), p));
  if constexpr (std::endian::native == std::endian::big) return hn::ShiftLeft<16>(v);
  return v;
}
template <bool kDot>
HWY_INLINE I32 dot(I32 acc, I32 a, I32 b, std::int16_t) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  if constexpr (kDot) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(acc.raw) : "v"(a.raw), "v"(b.raw));
    return acc;
  }
  return hn::Add(acc, I32{_mm512_madd_epi16(a.raw, b.raw)});
#elif HWY_ARCH_X86 && HWY_TARGET == HWY_AVX2
  if constexpr (kDot) {
    __asm__("%{vex%} vpdpwssd %2, %1, %0" : "+x"(acc.raw) : "x"(a.raw), "x"(b.raw));
    return acc;
  }
  return hn::Add(acc, I32{_mm256_madd_epi16(a.raw, b.raw)});
#elif HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Add(acc, I32{_mm_madd_epi16(a.raw, b.raw)});
#else
  const auto low = hn::Mul(hn::ShiftRight<16>(hn::ShiftLeft<16>(a)), hn::ShiftRight<16>(hn::ShiftLeft<16>(b)));
  return hn::Add(acc, hn::Add(low, hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b))));
#endif
}
#endif

// Quads: four elements of a band and four weights, side by side.
HWY_INLINE I32 operand(const std::uint8_t* p) {
  return word(p);
}

// What elements of a band of bytes are larger by: x86 multiplies unsigned ones by signed weights.
inline constexpr int kByteOffset = HWY_ARCH_X86 ? 128 : 0;

template <bool kDot>
HWY_INLINE I32 dot(I32 acc, [[maybe_unused]] I32 a, [[maybe_unused]] I32 b, std::uint8_t) {
  static_assert(kDot);
#if !NARROW_HAS_DOT_INSTRUCTIONS
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  __asm__("vpdpbusd %2, %1, %0" : "+v"(acc.raw) : "v"(a.raw), "v"(b.raw));
#elif HWY_ARCH_X86
  __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(acc.raw) : "x"(a.raw), "x"(b.raw));
#else
  // sdot %0.4s, %1.16b, %2.16b, in numbers: assemblers take it by name only where all code may have it.
  __asm__(
      ".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
      ".set .Lnarrow_v\\i, \\i\n"
      ".endr\n"
      ".inst 0x4e809400 | (.Lnarrow_%2 << 16) | (.Lnarrow_%1 << 5) | .Lnarrow_%0"
      : "+w"(acc.raw)
      : "w"(a.raw), "w"(b.raw));
#endif
  return acc;
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
