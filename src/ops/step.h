// Step: one lowered op, ready to run over raw buffers.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace narrow {

/// What a step is called with. `in[i]` is the op's i-th operand (null where left out, also at the end: operand_slots),
/// `out[i]` its i-th result. Computed operands and results hold `batch` samples one behind the other; constants hold
/// their values once.
struct StepArgs {
  const void* const* in = nullptr;
  void* const* out = nullptr;
  std::byte* scratch = nullptr;  // Step::scratch_bytes, aligned to 64
  int batch = 1;                 // in [1, LowerContext::max_batch]; always 1 where Step::batched is false
};

/// The executable meaning of one op. Copies share packed weights; a step may keep state of its own while it runs,
/// so each thread lowers its own steps.
struct Step {
  std::function<void(const StepArgs&)> run;
  size_t scratch_bytes = 0;
  bool batched = false;    // takes several samples in one call; otherwise it is called once a sample
  bool host_only = false;  // not integer-only: a program with such a step cannot become C
  std::string kernel;      // which implementation was chosen, for --explain
};

}  // namespace narrow
