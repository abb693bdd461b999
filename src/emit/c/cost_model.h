// What an emitted program costs on a chip, modelled: nothing is compiled or run here.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "emit/c/c_program.h"

namespace narrow {

/// Instructions that loops take on average.
struct LoopCost {
  double mac;            // of a product whose data lie one behind the other
  double scattered_mac;  // of a product in a depthwise layer
  double result;         // of a result of a layer, beside its products
  double element;        // of an element elsewhere
};

/// A processor core, with what its compiled kernels take on average, measured on emulated chips with GCC 12 at -O2 over
/// the four networks of MLPerf Tiny (bench/mcu); docs/emulated_chips.md has the measurements beside the model.
struct CoreCost {
  const char* name;  // "cortex-m4"
  LoopCost portable;
  double cycles;  // of an instruction, as the core's manual lets one expect without wait states
  LoopCost blocked = {2.02, 3.0, 16, 35};  // of kernels that keep several rows and channels in registers
};

std::span<const CoreCost> core_costs();

/// Instructions of one call.
int64_t modelled_instructions(const KernelCost& cost, const CoreCost& core);

/// Bytes of machine code on a Cortex-M4: kernels by their number, and the calls.
int64_t modelled_code_bytes(const CProgram& program);

/// Bytes of parameter structs where pointers have 32 bits.
int64_t params_bytes(const CProgram& program);

/// Bytes of stack on a Cortex-M: as much as the deepest kernel of the program's widths was seen to take.
int64_t modelled_stack_bytes(const CProgram& program);

}  // namespace narrow
