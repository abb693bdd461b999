// Ops along whole dimensions: reductions, running sums, positions of extremes, normalizations.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

struct ReduceAttributes {
  bool keep_dims = false;
  static const AttributeType kType;
};

/// MEAN and SUM over whole dimensions.
extern const OpDef kMean;
extern const OpDef kSum;

/// REDUCE_ALL, REDUCE_ANY, REDUCE_MAX, REDUCE_MIN and REDUCE_PROD over whole dimensions.
extern const OpDef kReduceAll;
extern const OpDef kReduceAny;
extern const OpDef kReduceMax;
extern const OpDef kReduceMin;
extern const OpDef kReduceProd;

/// CUMSUM: sums of the elements up to each along a dimension.
struct CumsumAttributes {
  bool exclusive = false;  // the element itself is left out
  bool reverse = false;    // from the end
  static const AttributeType kType;
};
extern const OpDef kCumsum;

/// ARG_MAX and ARG_MIN: where along a dimension the first of the largest, or smallest, elements is.
struct ArgAttributes {
  DType output_type = DType::float32;  // the format's default, which is no type of index
  static const AttributeType kType;
};
extern const OpDef kArgMax;
extern const OpDef kArgMin;

/// L2_NORMALIZATION: each row over its length. LOCAL_RESPONSE_NORMALIZATION: each element over a power of the squares
/// around it. Rows lie along the last axis.
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

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kReductionOps[] = {
    &kArgMax,     &kArgMin,    &kCumsum,    &kL2Normalization, &kLocalResponseNormalization,
    &kMean,       &kReduceAll, &kReduceAny, &kReduceMax,       &kReduceMin,
    &kReduceProd, &kSum};

}  // namespace narrow
