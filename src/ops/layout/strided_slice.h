// STRIDED_SLICE: operands: data, begin, end, strides. Begins may be computed where a single element is taken; the
// nearest inside of the data is, then.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct StridedSliceAttributes {
  int begin_mask = 0;  // bit i: begin of dimension i is ignored; likewise below
  int end_mask = 0;
  int ellipsis_mask = 0;
  int new_axis_mask = 0;
  int shrink_axis_mask = 0;
  bool offset = false;  // end counts from begin
  static const AttributeType kType;
};

extern const OpDef kStridedSlice;

}  // namespace narrow
