#include "target.h"

#include <atomic>

namespace narrow::host {
namespace {

std::int64_t machine_targets() {
  std::int64_t targets = HWY_STATIC_TARGET;  // what the compiler takes for granted
#if HWY_ARCH_X86
  // What Highway has the compiler use for each target (HWY_TARGET_STR); with AVX2 comes F16C, which clang 14 cannot ask
  // for.
  bool const sse4 =
      __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul");
  bool const avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  bool const avx3 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  targets |= (sse4 ? HWY_SSE4 : 0) | (avx2 ? HWY_AVX2 : 0) | (avx3 ? HWY_AVX3 : 0);
#endif
  return targets;
}

std::atomic<std::int64_t> chosen{0};  // 0: not yet

}  // namespace

std::int64_t available_targets() {
  return machine_targets() & HWY_TARGETS;
}

std::int64_t chosen_target() {
  std::int64_t target = chosen.load(std::memory_order_relaxed);
  if (target == 0) {
    std::int64_t const targets = available_targets();
    target = targets & -targets;
    chosen.store(target, std::memory_order_relaxed);
  }
  return target;
}

void override_target(std::int64_t target) {
  chosen.store(target, std::memory_order_relaxed);
}

}  // namespace narrow::host
