// Activation functions, one element or one row at a time.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// RELU: max(x, 0); RELU_0_TO_1 and RELU_N1_TO_1 are bounded by 1 too.
extern const OpDef kRelu;
extern const OpDef kRelu0To1;
extern const OpDef kReluN1To1;

/// RELU6: min(max(x, 0), 6).
extern const OpDef kRelu6;

/// LEAKY_RELU: x where positive, alpha x elsewhere.
struct LeakyReluAttributes {
  float alpha = 0.0f;
  static const AttributeType kType;
};
extern const OpDef kLeakyRelu;

/// PRELU: x where positive, alpha x elsewhere, alpha a broadcast operand.
extern const OpDef kPrelu;

/// HARD_SWISH: x * min(max(x + 3, 0), 6) / 6.
extern const OpDef kHardSwish;

/// LOGISTIC: 1 / (1 + exp(-x)).
extern const OpDef kLogistic;

/// TANH: hyperbolic tangent.
extern const OpDef kTanh;

/// ELU, EXP, GELU and LOG: functions of one element whose integers the runtimes look up in a table of the float
/// function.
struct GeluAttributes {
  bool approximate = false;  // by way of tanh
  static const AttributeType kType;
};
extern const OpDef kElu;
extern const OpDef kExp;
extern const OpDef kGelu;
extern const OpDef kLog;

/// SOFTMAX: exp(beta x) over its sum along the last axis.
struct SoftmaxAttributes {
  float beta = 1.0f;
  static const AttributeType kType;
};
extern const OpDef kSoftmax;

/// LOG_SOFTMAX: the logarithm of SOFTMAX along the last axis.
extern const OpDef kLogSoftmax;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kActivationOps[] = {&kElu,      &kExp,        &kGelu,      &kHardSwish, &kLeakyRelu,
                                                  &kLog,      &kLogSoftmax, &kLogistic,  &kPrelu,     &kRelu,
                                                  &kRelu0To1, &kRelu6,      &kReluN1To1, &kSoftmax,   &kTanh};

}  // namespace narrow
