#include "isa.h"

#include <atomic>

namespace narrow::host {
namespace {

// In order of preference; the last one is always available.
constexpr const Isa* kIsas[] = {
#if defined(__x86_64__)
    &kIsaAvx512,
    &kIsaAvx2,
#endif
    &kIsaPlain,
};

const Isa* find_best() {
  for (const Isa* isa : kIsas)
    if (available(*isa)) return isa;
  return &kIsaPlain;
}

std::atomic<const Isa*> overridden{nullptr};

}  // namespace

// Here, not beside the tables: those files may not run a single instruction before this is known.
bool available(const Isa& isa) {
#if defined(__x86_64__)
  if (&isa == &kIsaAvx2) return __builtin_cpu_supports("avx2");
  if (&isa == &kIsaAvx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni");
#endif
  return &isa == &kIsaPlain;
}

const Isa& best_isa() {
  static const Isa* const best = find_best();
  const Isa* const isa = overridden.load(std::memory_order_relaxed);
  return isa != nullptr ? *isa : *best;
}

void override_isa(const Isa* isa) {
  overridden.store(isa, std::memory_order_relaxed);
}

}  // namespace narrow::host
