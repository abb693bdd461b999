// What an emitted program costs on a chip, modelled: nothing is compiled or run here.
#pragma once

#include <cstdint>
#include <span>

#include "emit/c/c_program.h"
#include "emit/c/cycle_table.h"

namespace narrow {

/// The cores, in rising order of what they can do.
std::span<const CoreCost> core_costs();

/// Instructions of one call.
int64_t modelled_instructions(const KernelCost& cost, const CoreCost& core);

/// Cycles of one call: its instructions by class, and what each class takes on the core. A model, which knows neither
/// wait states nor what instructions wait for each other.
int64_t modelled_cycles(const KernelCost& cost, const CoreCost& core);

/// Whether the core has the instructions of the kernel.
bool runs_on(const KernelCost& cost, const CoreCost& core);

/// Bytes of machine code on a Cortex-M4: kernels by their number, and the calls.
int64_t modelled_code_bytes(const CProgram& program);

/// Bytes of parameter structs where pointers have 32 bits.
int64_t params_bytes(const CProgram& program);

/// Bytes of stack on a Cortex-M: as much as the deepest kernel of the program's widths was seen to take.
int64_t modelled_stack_bytes(const CProgram& program);

}  // namespace narrow
