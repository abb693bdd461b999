// The instruction sets that host kernels are compiled for.
#pragma once

#include <gtest/gtest.h>

#include "host/isa.h"

namespace narrow {

/// Calls `check()` once for each instruction set that this machine has, with the host kernels packed for it. Failures
/// name the set.
template <class Check>
void on_every_instruction_set(const Check& check) {
  constexpr const host::Isa* kIsas[] = {
    &host::kIsaPlain,
#if defined(__x86_64__)
    &host::kIsaAvx2,
    &host::kIsaAvx512,
#endif
  };
  for (const host::Isa* isa : kIsas) {
    if (!host::available(*isa)) continue;
    SCOPED_TRACE(isa->name);
    host::override_isa(isa);
    check();
  }
  host::override_isa(nullptr);
}

}  // namespace narrow
