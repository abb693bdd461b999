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
    if (isa->available()) return isa;
  return &kIsaPlain;
}

std::atomic<const Isa*> overridden{nullptr};

}  // namespace

const Isa& best_isa() {
  static const Isa* const best = find_best();
  const Isa* const isa = overridden.load(std::memory_order_relaxed);
  return isa != nullptr ? *isa : *best;
}

void override_isa(const Isa* isa) { overridden.store(isa, std::memory_order_relaxed); }

}  // namespace narrow::host
