// Which of the instruction sets that kernels are compiled for runs. Highway's own choice at run time
// (HWY_DYNAMIC_DISPATCH) needs its shared library, which measures the clock for 4 ms whenever a program starts; without
// it Highway is headers only.
#ifndef NARROW_KERNELS_HOST_TARGET_H
#define NARROW_KERNELS_HOST_TARGET_H

#include <hwy/detect_targets.h>

#include <cstdint>
#include <type_traits>

namespace narrow::host {

// The targets that the kernels are compiled for and this machine has, as bits that Highway names (HWY_AVX2); at least
// one. Better targets have lower bits.
std::int64_t available_targets();

// The best of them, or the one of override_target.
std::int64_t chosen_target();

// Makes chosen_target() answer `target`, an available one, or again the best one for 0. For tests; not while kernels
// run elsewhere.
void override_target(std::int64_t target);

// The variant for the chosen target; those that are not compiled are null, and never chosen.
template <class F>
F* variant_of(F* fallback, std::type_identity_t<F>* sse4, std::type_identity_t<F>* avx2,
              std::type_identity_t<F>* avx3) {
  switch (chosen_target()) {
    case HWY_AVX3:
      return avx3;
    case HWY_AVX2:
      return avx2;
    case HWY_SSE4:
      return sse4;
    default:
      return fallback;
  }
}

}  // namespace narrow::host

// The variant of a function that is defined in narrow::host::HWY_NAMESPACE, from where HWY_ONCE holds.
#define NARROW_VARIANT(function)                                                                                  \
  (*narrow::host::variant_of(HWY_CHOOSE_FALLBACK(function), HWY_CHOOSE_SSE4(function), HWY_CHOOSE_AVX2(function), \
                             HWY_CHOOSE_AVX3(function)))

#endif
