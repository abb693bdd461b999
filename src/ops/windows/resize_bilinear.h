// RESIZE_BILINEAR: operand 1: new height and width.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct ResizeBilinearAttributes {
  bool align_corners = false;
  bool half_pixel_centers = false;
  static const AttributeType kType;
};

extern const OpDef kResizeBilinear;

}  // namespace narrow
