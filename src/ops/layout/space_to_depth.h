// SPACE_TO_DEPTH: squares of an image become channels, rows first. DEPTH_TO_SPACE: the other way round.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

struct BlockAttributes {
  int size = 0;  // side of the squares
  static const AttributeType kType;
};

extern const OpDef kDepthToSpace;
extern const OpDef kSpaceToDepth;

}  // namespace narrow
