// Golden: samples with what the simulator computes of them, by which an emitted program tests itself.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/samples.h"
#include "program/program.h"

namespace narrow {

struct Golden {
  int64_t samples = 0;
  int64_t sequence = 0;                         // samples after which variables begin anew; 0: never
  std::vector<std::vector<std::byte>> inputs;   // by input: all samples, dense
  std::vector<std::vector<std::byte>> outputs;  // by output
};

/// Runs the program over the first `count` samples of `data`, one after the other; variables keep what they hold, and
/// begin anew every `sequence` samples where that is not 0.
/// Errors: those of the data and of the steps.
Result<Golden> golden_of(const Program& program, const Samples& data, int64_t count, int64_t sequence = 0);

/// A sample of integers from the linear congruential generator x -> 1664525 x + 1013904223 (mod 2^32), from 12345 on
/// for each input, of which the upper bits are taken: all that the element type has, of 32 bits and more one bit (such
/// inputs are indices).
std::vector<std::byte> seeded_values(const Tensor& input);

/// The same for one sample from seeded_values.
Result<Golden> golden_of_seeded(const Program& program);

}  // namespace narrow
