// Ops whose rounding the model itself says: the exact result, rounded once. In Qm.n every such result is a shift.
#pragma once

#include <functional>

#include "ops/def/op_def.h"
#include "ops/integer/tables.h"

namespace narrow {

/// What the model says of the op's arithmetic, where the profile takes it; else null.
inline const Arithmetic* own_arithmetic(const OpView& op, const ProfileDef& profile) {
  return profile.own_arithmetic && op.op.arithmetic ? &*op.op.arithmetic : nullptr;
}

/// The arithmetic that TFLite's kernels have for the types of an integer layer; nothing for an op without weights.
std::optional<Arithmetic> tflite_arithmetic(const OpView& op);

/// A value beside integers becomes one of them; `twice` is half_away here, as there is one rounding.
double rounded(double value, RoundingRule rule);

/// What a function of one element makes of each int8 value, rounded once.
Table8 table_by_rule(Affine in, Affine out, const std::function<double(double)>& f, RoundingRule rule);

/// The n of a scale 2^-n; nothing for other scales.
std::optional<int> fraction_bits(float scale);

/// The n of a tensor in Qm.n: its scale is 2^-n, its zero point 0; unsupported otherwise.
Result<int> fraction_bits(const Tensor& tensor);

/// `bits` where a shift may have that many; unsupported otherwise, naming what is shifted.
Result<int> check_shift(int bits, int least, int most, const char* what);

}  // namespace narrow
