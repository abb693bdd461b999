// The instruction sets that host kernels are compiled for.
#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "host/isa.h"

namespace narrow {

/// Calls `check()` once for each instruction set that this machine has, with the host kernels chosen and packed for it.
/// Failures name the set.
template <class Check>
void on_every_instruction_set(const Check& check) {
  for (int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    for (const host::Isa& isa : host::available_isas()) {
      SCOPED_TRACE(isa.name);
      host::override_isa(&isa);
      check();
    }
  }
  host::override_isa(nullptr);
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace narrow
