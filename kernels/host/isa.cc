#include "isa.h"

#include <atomic>

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/isa.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since they are compiled for each target.
#include "accumulate.h"
#include "requantize_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

template <bool kVnni, class T>
constexpr Kernels<T> kernels_of() {
  return {
      .widen = widen<T>,
      .accumulate = accumulate<kVnni, false, T>,
      .accumulate_depthwise = accumulate<kVnni, true, T>,
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
  };
}

template <bool kVnni>
constexpr Isa isa_of(const char* name) {
  return {name, kLanes, kPairsApart, kernels_of<kVnni, std::int8_t>(), kernels_of<kVnni, std::int16_t>()};
}

std::span<const Isa> isas() {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  static const Isa kIsas[] = {isa_of<true>("AVX512-VNNI"), isa_of<false>("AVX512")};
  return __builtin_cpu_supports("avx512vnni") ? std::span(kIsas) : std::span(kIsas).subspan(1);
#else
  static const Isa kIsas[] = {isa_of<false>(hwy::TargetName(HWY_TARGET))};
  return kIsas;
#endif
}

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
