// State: what a model carries from one sample to the next.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Whether a run of graph `entry` may depend on the runs before it, so that samples are a sequence in time: it, or a
/// graph that it runs, assigns a variable after the first sample has begun, or has a variable tensor that is no input.
bool keeps_state(const Model& model, int entry);

}  // namespace narrow
