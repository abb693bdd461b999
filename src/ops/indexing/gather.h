// GATHER: slices of the data (operand 0) along an axis, chosen by positions (operand 1); the leading batch_dims
// dimensions of both go together. EMBEDDING_LOOKUP: rows of a table (operand 1) chosen by positions (operand 0); a
// table of 8-bit integers may have a float result. Computed positions outside of the data, at which runtimes stop with
// an error, are taken as the nearest inside; constant ones are an error.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct GatherAttributes {
  int axis = 0;
  int batch_dims = 0;
  static const AttributeType kType;
};

extern const OpDef kEmbeddingLookup;
extern const OpDef kGather;

}  // namespace narrow
