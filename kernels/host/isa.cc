#include "isa.h"

#include <atomic>

#include "target.h"

#if HWY_ARCH_X86
#include <cpuid.h>
#elif HWY_ARCH_ARM_A64 && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/isa.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since they are compiled for each target.
#include "accumulate.h"
#include "requantize_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

template <bool kDot, class T>
constexpr BandKernels<T, std::uint8_t> quads_of() {
  if constexpr (kDot && sizeof(T) == 1)
    return {to_band<T, std::uint8_t>, accumulate<kDot, false, std::uint8_t, T>, nullptr};
  else
    return {};
}

template <bool kTiesUp, class T>
constexpr typename Kernels<T>::Finish small_finish() {
  if constexpr (sizeof(T) == 1)
    return finish<SmallDoubleRounding<kTiesUp>, T>;
  else
    return nullptr;
}

template <bool kDot, class T>
constexpr Kernels<T> kernels_of() {
  return {
      .pairs = {to_band<T, std::int16_t>, accumulate<kDot, false, std::int16_t, T>,
                accumulate<kDot, true, std::int16_t, T>},
      .quads = quads_of<kDot, T>(),
      .join_planes = join_planes<T>,
      .finish =  // by Rounding
      {
          nullptr,  // refused
          finish<DoubleRounding<false>, T>,
          finish<DoubleRounding<true>, T>,
          nullptr,  // mixed: TRANSPOSE_CONV has it in plain loops
          finish<SingleRounding<false>, T>,
          finish<SingleRounding<true>, T>,
          finish<Float32Rounding, T>,
          finish<Float64Rounding, T>,
          finish<RuleRounding, T>,
      },
      .finish_small = {nullptr, small_finish<false, T>(), small_finish<true, T>()},
  };
}

template <bool kDot>
constexpr Isa isa_of(const char* name) {
  return {name, kLanes, kPairsApart, kByteOffset, kernels_of<kDot, std::int8_t>(), kernels_of<kDot, std::int16_t>()};
}

#if NARROW_HAS_DOT_INSTRUCTIONS
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
constexpr const char* kPlainName = "AVX512";
constexpr const char* kDotName = "AVX512-VNNI";
bool has_dot_instructions() {
  return __builtin_cpu_supports("avx512vnni");
}
#elif HWY_ARCH_X86
constexpr const char* kPlainName = "AVX2";
constexpr const char* kDotName = "AVX-VNNI";
bool has_dot_instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & 1U << 4) != 0;
}
#else
constexpr const char* kPlainName = "NEON";
constexpr const char* kDotName = "NEON-DOT";
bool has_dot_instructions() {
#ifdef __linux__
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
  return false;
#endif
}
#endif

std::span<const Isa> isas() {
  static const Isa kIsas[] = {isa_of<true>(kDotName), isa_of<false>(kPlainName)};
  return has_dot_instructions() ? std::span(kIsas) : std::span(kIsas).subspan(1);
}
#else
std::span<const Isa> isas() {
  static const Isa kIsas[] = {isa_of<false>(hwy::TargetName(HWY_TARGET))};
  return kIsas;
}
#endif

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

namespace {

std::atomic<const Isa*> overridden{nullptr};

}  // namespace

std::span<const Isa> available_isas() {
  return NARROW_VARIANT(isas)();
}

const Isa& best_isa() {
  const Isa* const isa = overridden.load(std::memory_order_relaxed);
  return isa != nullptr ? *isa : available_isas().front();
}

void override_isa(const Isa* isa) {
  overridden.store(isa, std::memory_order_relaxed);
}

}  // namespace narrow::host
#endif
