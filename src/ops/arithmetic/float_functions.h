// Functions of one element that runtimes compute on floats, and some on whole numbers, but on no quantized integers.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kCeil;
extern const OpDef kCos;
extern const OpDef kFloor;
extern const OpDef kNeg;
extern const OpDef kRound;  // half to even
extern const OpDef kSign;
extern const OpDef kSin;
extern const OpDef kSquare;

}  // namespace narrow
