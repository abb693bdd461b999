// The word for what an op computes with, as tables have it.
#pragma once

#include <string>

#include "ops/def/op_def.h"

namespace narrow {

/// By the types and scales that the op has: "int8", "int16x8" (16-bit data, 8-bit weights), "int8x16" (the other way
/// round), "int16", "q7" and "q15" (the same in Qm.n), "uint8", "dynamic" (float data, integer weights), "float"; empty
/// for an op that has to do with no real values.
std::string form_of(const OpView& op);

}  // namespace narrow
