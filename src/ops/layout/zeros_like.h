// ZEROS_LIKE: zeros in the shape and type of the data.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kZerosLike;

}  // namespace narrow
