// BROADCAST_TO: data (operand 0) repeated to a shape (operand 1 lists the dimensions). BROADCAST_ARGS: the shape that
// two listed shapes broadcast to together.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kBroadcastArgs;
extern const OpDef kBroadcastTo;

}  // namespace narrow
