// The memory of a program in C: where each activation lies, and which lie over each other.
#pragma once

#include <cstdint>
#include <vector>

#include "program/place_buffers.h"
#include "program/program.h"

namespace narrow {

/// A result that lies over an operand that is not needed any more.
struct PlannedOverlap {
  size_t step = 0;         // of the program
  size_t call = 0;         // of the step; 0 is its only one unless `needs_call` is false
  size_t argument = 0;     // of the call: the operand's
  int64_t distance = 0;    // offset of the result less that of the operand
  int64_t forwards = 0;    // the proof: the result may begin at most -forwards after the operand, if it is written
                           // from its beginning on,
  int64_t backwards = 0;   // or at least `backwards` after it, if it is written from its end on
  bool from_end = false;   // it is written from its end on
  bool in_place = false;   // both begin at the same address, which the kernel permits
  bool needs_call = true;  // false: the result is the operand as it is, or one of them a part of the other
};

struct ArenaPlan {
  std::vector<int64_t> offsets;  // by tensor of the graph; -1 for constants and unused tensors
  int64_t bytes = 0;
  std::vector<PlannedOverlap> overlaps;  // in order of steps
  std::vector<int64_t> scratch;          // by step: where the scratch memory of its calls lies; -1 where it needs none
};

/// Places inputs, outputs and all that is computed in one arena, aligned to their elements. Offsets and sizes count
/// what C calls bytes, `char_bits` wide. `trials`: of place_buffers.
ArenaPlan plan_arena(const Program& program, int char_bits = 8, size_t trials = kManyTrials);

/// What C's sizeof says of `elements` of that type.
int64_t sizeof_elements(DType dtype, int64_t elements, int char_bits);

}  // namespace narrow
