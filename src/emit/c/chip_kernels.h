// Kernels for particular processors in place of portable ones.
#pragma once

#include "emit/c/target_chip.h"
#include "program/program.h"

namespace narrow {

/// The program with calls of kernels that are faster on the chip, wherever one has the same results; other calls stay,
/// and ProgramStep::declined says why where there might have been one.
Result<Program> with_chip_kernels(Program program, const TargetChip& chip);

}  // namespace narrow
