// Warnings of values that quantization parameters are too coarse for.
#pragma once

#include <string>
#include <vector>

#include "quantize/plan/activation_params.h"

namespace narrow {

/// One line for each operand of an integer op that spans fewer than four steps of the parameters that it is brought to
/// (a score beside coordinates in one CONCATENATION), each operand of a function that is steep near zero whose smallest
/// values lie below two steps (RSQRT of a small variance), and each operand of SOFTMAX with steps of more than one.
/// Names the op, the operand, its extent and the step. In order of the ops.
std::vector<std::string> warn_of_coarse_steps(const PlacedModel& placed, const ActivationParams& params);

}  // namespace narrow
