// WHERE: the indices, one row each, of the elements that are not zero. The condition must be known: how many rows
// there are depends on its values.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kWhere;

}  // namespace narrow
