// L2_NORMALIZATION: each row over its length. LOCAL_RESPONSE_NORMALIZATION: each element over a power of the squares
// around it. Rows lie along the last axis.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct L2NormalizationAttributes {
  Activation activation = Activation::none;
  static const AttributeType kType;
};

/// x / (bias + alpha * sum of the squares of the elements at most `radius` away)^beta.
struct LocalResponseNormalizationAttributes {
  int radius = 0;
  float bias = 0;
  float alpha = 0;
  float beta = 0;
  static const AttributeType kType;
};

extern const OpDef kL2Normalization;
extern const OpDef kLocalResponseNormalization;

}  // namespace narrow
