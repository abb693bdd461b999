// LOGICAL_AND and LOGICAL_OR of two truth values, with broadcasting; LOGICAL_NOT of one.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kLogicalAnd;
extern const OpDef kLogicalOr;
extern const OpDef kLogicalNot;

}  // namespace narrow
