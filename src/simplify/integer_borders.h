// Inputs and outputs of integer models that are float only for the caller's sake.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Removes from graph `entry` each QUANTIZE that is all that reads a float input, and each DEQUANTIZE that gives a
/// float output and nothing else reads: the model takes and gives the integers themselves, which keep their scales and
/// zero points. Returns how many were removed.
int make_borders_integer(Model& model, int entry);

}  // namespace narrow
