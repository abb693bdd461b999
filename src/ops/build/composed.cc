#include "ops/build/composed.h"

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"

namespace narrow {

Result<int> add_scaled_elu(OpAdder& ops, int x, float scale, float alpha) {
  NARROW_TRY(int positive, ops.add(kRelu, {}, {x}, "/positive"));
  if (scale != 1) {
    NARROW_TRY(positive, ops.add(kMul, MulAttributes{}, {positive, ops.scalar(scale)}, "/right"));
  }
  NARROW_TRY(int const negative, ops.add(kMinimum, {}, {x, ops.scalar(0)}, "/negative"));
  NARROW_TRY(int const bent, ops.add(kElu, {}, {negative}, "/elu"));
  NARROW_TRY(int const left, ops.add(kMul, MulAttributes{}, {bent, ops.scalar(scale * alpha)}, "/left"));
  return ops.add(kAdd, AddAttributes{}, {positive, left}, "");
}

namespace {

Result<int> add_softplus_as(OpAdder& ops, int x, const std::string& part) {
  NARROW_TRY(int const positive, ops.add(kRelu, {}, {x}, "/positive"));
  NARROW_TRY(int const magnitude, ops.add(kAbs, {}, {x}, "/magnitude"));
  NARROW_TRY(int const falling, ops.add(*find_op("NEG"), {}, {magnitude}, "/falling"));
  NARROW_TRY(int const power, ops.add(kExp, {}, {falling}, "/exp"));
  NARROW_TRY(int const sum, ops.add(kAdd, AddAttributes{}, {power, ops.scalar(1)}, "/sum"));
  NARROW_TRY(int const rest, ops.add(kLog, {}, {sum}, "/log"));
  return ops.add(kAdd, AddAttributes{}, {positive, rest}, part);
}

}  // namespace

Result<int> add_softplus(OpAdder& ops, int x) {
  return add_softplus_as(ops, x, "");
}

Result<int> add_softsign(OpAdder& ops, int x) {
  NARROW_TRY(int const magnitude, ops.add(kAbs, {}, {x}, "/magnitude"));
  NARROW_TRY(int const sum, ops.add(kAdd, AddAttributes{}, {magnitude, ops.scalar(1)}, "/sum"));
  return ops.add(kDiv, DivAttributes{}, {x, sum}, "");
}

Result<int> add_mish(OpAdder& ops, int x) {
  NARROW_TRY(int const soft, add_softplus_as(ops, x, "/softplus"));
  NARROW_TRY(int const gate, ops.add(kTanh, {}, {soft}, "/gate"));
  return ops.add(kMul, MulAttributes{}, {x, gate}, "");
}

Result<int> add_clipped_line(OpAdder& ops, int x, float slope, float offset) {
  NARROW_TRY(int const scaled, ops.add(kMul, MulAttributes{}, {x, ops.scalar(slope)}, "/scaled"));
  NARROW_TRY(int const moved, ops.add(kAdd, AddAttributes{}, {scaled, ops.scalar(offset)}, "/moved"));
  return ops.add(kRelu0To1, {}, {moved}, "");
}

}  // namespace narrow
