// REVERSE_SEQUENCE: the first elements of the data (operand 0) along sequence_axis backwards, as many as operand 1 says
// for each index along batch_axis. Lengths that do not fit are taken as the nearest that do.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct ReverseSequenceAttributes {
  int sequence_axis = 0;
  int batch_axis = 0;
  static const AttributeType kType;
};

extern const OpDef kReverseSequence;

}  // namespace narrow
