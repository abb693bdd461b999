// State: what a model carries from one sample to the next.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Whether a run of graph `entry` may depend on the runs before it, so that samples are a sequence in time: it, or a
/// graph that it runs, assigns a variable after the first sample has begun, or has a variable tensor that is no input.
bool keeps_state(const Model& model, int entry);

/// What each element of a variable tensor begins with: zero, for int8 as its zero point says. Of 16-bit values runtimes
/// know zero point 0 alone.
int first_value(const Tensor& variable);

}  // namespace narrow
