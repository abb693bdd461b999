// The program in C that takes least memory.
#pragma once

#include <string>
#include <vector>

#include "emit/c/c_program.h"

namespace narrow {

/// The program with its ops as they are, or in an order that takes less memory.
Result<CProgram> smallest_program(Model model, int entry, const std::string& name, const TargetChip& chip);

/// `whole`, or a program whose first layers are computed in patches where that takes less memory; a note says what it
/// costs.
Result<CProgram> patched_program(CProgram whole, int entry, const TargetChip& chip, std::vector<std::string>& notes);

}  // namespace narrow
