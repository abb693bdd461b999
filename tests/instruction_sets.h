// The instruction sets that host kernels are compiled for.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "host/isa.h"
#include "host/target.h"

namespace narrow {

/// Calls `check()` once for each instruction set that this machine has, with the host kernels chosen and packed for it.
/// Failures name the set.
template <class Check>
void on_every_instruction_set(const Check& check) {
  for (std::int64_t targets = host::available_targets(); targets != 0; targets &= targets - 1) {
    host::override_target(targets & -targets);
    for (const host::Isa& isa : host::available_isas()) {
      SCOPED_TRACE(isa.name);
      host::override_isa(&isa);
      check();
    }
  }
  host::override_isa(nullptr);
  host::override_target(0);
}

}  // namespace narrow
