// Roundings of one element for loops that the compiler turns into vector code, as nw_requantize.h has them. Compiled
// once for each of Highway's targets, into the target's namespace.
#if defined(NARROW_KERNELS_HOST_ROUNDING_LOOPS_H) == defined(HWY_TARGET_TOGGLE)
#ifdef NARROW_KERNELS_HOST_ROUNDING_LOOPS_H
#undef NARROW_KERNELS_HOST_ROUNDING_LOOPS_H
#else
#define NARROW_KERNELS_HOST_ROUNDING_LOOPS_H
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// v * 2^left * multiplier / 2^31, ties up. The quotient fits 32 bits, so that a logical shift serves.
HWY_INLINE std::int32_t high_mul(std::int32_t v, int left, std::int32_t multiplier) {
  auto const wide = static_cast<std::int32_t>(static_cast<std::uint32_t>(v) << left);
  auto const product = static_cast<std::uint64_t>(static_cast<std::int64_t>(wide) * multiplier + (1 << 30));
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(product >> 31));
}

// v / 2^bits, ties away from zero, by the remainder: adding a half could leave 32 bits.
HWY_INLINE std::int32_t round_shift(std::int32_t v, int bits) {
  auto const mask = static_cast<std::int32_t>((std::uint32_t{1} << bits) - 1);
  return (v >> bits) + ((v & mask) > (mask >> 1) + (v < 0));
}

HWY_INLINE std::int32_t clamp(std::int32_t v, std::int32_t lo, std::int32_t hi) {
  v = v < lo ? lo : v;
  return v > hi ? hi : v;
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
