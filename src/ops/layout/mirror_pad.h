// MIRROR_PAD: the data (operand 0) surrounded by its own reflection; operand 1 holds how many elements come before and
// after each dimension.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// Numbered as the .tflite format numbers them. `reflect` mirrors at the outermost elements, `symmetric` repeats them.
enum class MirrorMode : int8_t { reflect = 0, symmetric = 1 };

struct MirrorPadAttributes {
  MirrorMode mode = MirrorMode::reflect;
  static const AttributeType kType;
};

extern const OpDef kMirrorPad;

}  // namespace narrow
