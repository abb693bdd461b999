// Ops on elements at the same place: one operand, or several with broadcasting.
#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/layout/layout.h"
#include "read/onnx/constant.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

Attributes defaults(const OpDef& def) {
  return def.attributes ? def.attributes->make() : Attributes{};
}

Status read_unary(Node& n) {
  const OpDef& def = *find_op(n.row.as);
  return n.give(n.net.add(def, defaults(def), {n.in(0).tensor}, n.name(), {}, {}), n.in(0).order);
}

template <bool kTruth>
Status read_pairwise(Node& n) {
  const OpDef& def = *find_op(n.row.as);
  NARROW_TRY(Aligned const in, align(n, 2));
  return n.give(
      n.net.add(def, defaults(def), in.tensors, n.name(), kTruth ? std::optional(DType::boolean) : std::nullopt),
      in.order);
}

/// Any number of operands, two at a time.
Result<Value> folded(Node& n, const OpDef& def) {
  NARROW_TRY(Aligned const in, align(n, n.inputs()));
  int sum = in.tensors[0];
  for (size_t i = 1; i < in.tensors.size(); ++i) {
    NARROW_TRY(sum, n.net.add(def, defaults(def), {sum, in.tensors[i]}, n.name()));
  }
  return Value{sum, in.order};
}
Status read_folded(Node& n) {
  NARROW_TRY(Value const v, folded(n, *find_op(n.row.as)));
  return n.give(v);
}
Status read_mean_of(Node& n) {
  NARROW_TRY(Value const v, folded(n, kAdd));
  float const part = 1.0F / static_cast<float>(n.inputs());
  return n.give(n.net.add(kMul, MulAttributes{}, {v.tensor, n.net.scalar(part)}, n.name()), v.order);
}

Status read_mod(Node& n) {
  NARROW_TRY(Aligned const in, align(n, 2));
  if (n.integer("fmod", 0) != 0) {
    if (n.tensor(0).dtype == DType::float32) return not_here("fmod of floats");
    // Whole quotients are cut: what is left has the sign of the dividend.
    NARROW_TRY(int const quotient, n.net.add(kDiv, defaults(kDiv), in.tensors, n.name() + "/quotient"));
    NARROW_TRY(int const whole, n.net.add(kMul, defaults(kMul), {quotient, in.tensors[1]}, n.name() + "/whole"));
    return n.give(n.net.add(kSub, defaults(kSub), {in.tensors[0], whole}, n.name()), in.order);
  }
  return n.give(n.net.add(kFloorMod, {}, in.tensors, n.name()), in.order);
}

Status read_pow(Node& n) {
  DType const base = n.tensor(0).dtype, exponent = n.tensor(1).dtype;
  if (base == exponent) return read_pairwise<false>(n);
  NARROW_TRY(Aligned const in, align(n, 2));
  std::vector<int> floats;
  for (int t : in.tensors) {
    NARROW_TRY(int const real, n.net.cast(t, DType::float32, n.name() + "/real"));
    floats.push_back(real);
  }
  NARROW_TRY(int const power, n.net.add(kPow, defaults(kPow), floats, n.name() + "/power"));
  if (base == DType::float32) return n.give({power, in.order});
  return n.give(n.net.cast(power, base, n.name()), in.order);
}

Status read_where(Node& n) {
  NARROW_TRY(Aligned const in, align(n, 3));
  return n.give(n.net.add(kSelectV2, {}, in.tensors, n.name(), n.tensor(1).dtype), in.order);
}

Status read_reciprocal(Node& n) {
  return n.give(n.net.add(kDiv, DivAttributes{}, {n.net.scalar(1), n.in(0).tensor}, n.name()), n.in(0).order);
}

Status read_identity(Node& n) {
  return n.give(n.in(0));
}

Status read_dropout(Node& n) {
  n.ignore("ratio");
  n.ignore("seed");
  n.ignore("is_test");
  if (n.has(2)) {
    if (!n.tensor(2).constant || n.tensor(2).data.size() != 1 || n.tensor(2).data.data()[0] != std::byte{0})
      return not_here("dropout in training");
  }
  if (n.wants(1)) {
    std::span<const int32_t> const dims = n.tensor(0).shape.dims();
    NARROW_TRY(int const kept, n.net.number(DType::boolean, 1));
    NARROW_TRY(int const mask, n.net.add(kFill, {}, {n.net.builder().indices({dims.begin(), dims.end()}), kept},
                                         n.name(1), DType::boolean));
    NARROW_CHECK(n.give({mask, n.in(0).order}, 1));
  }
  return n.give(n.in(0));
}

Status cast_to(Node& n, DType to) {
  n.ignore("saturate");
  n.ignore("round_mode");
  if (n.tensor(0).dtype == to) return n.give(n.in(0));
  return n.give(n.net.cast(n.in(0).tensor, to, n.name()), n.in(0).order);
}

Status read_cast(Node& n) {
  NARROW_TRY(DType const to, computed_type(static_cast<int32_t>(n.integer("to", 0))));
  return cast_to(n, to);
}

Status read_bit_shift(Node& n) {
  bool const left = n.text("direction", "") == "LEFT";
  if (!left && n.text("direction", "") != "RIGHT") return fail(ErrorKind::bad_file, "`direction` is LEFT or RIGHT");
  if (n.tensor(0).dtype != DType::uint8) {
    NARROW_TRY(std::vector<int64_t> const counts, n.known(1, "shifts of signed integers"));
    for (int64_t c : counts)
      if (c < 0) return not_here("a shift by " + std::to_string(c) + " bits");
  }
  NARROW_TRY(Aligned const in, align(n, 2));
  return n.give(n.net.add(left ? kLeftShift : kRightShift, {}, in.tensors, n.name()), in.order);
}

Status read_bitwise_not(Node& n) {
  NARROW_TRY(int const ones, n.net.number(n.tensor(0).dtype, n.tensor(0).dtype == DType::uint8 ? 255 : -1));
  return n.give(n.net.add(kBitwiseXor, {}, {n.in(0).tensor, ones}, n.name()), n.in(0).order);
}

/// To the element type of another operand.
Status read_cast_like(Node& n) {
  return cast_to(n, n.tensor(1).dtype);
}

constexpr OpRow kRowsElementwise[] = {
    {"Abs", read_unary, 1, 1, "ABS"},
    {"Acos", read_unary, 1, 1, "ACOS"},
    {"Acosh", read_unary, 1, 1, "ACOSH"},
    {"Add", read_pairwise<false>, 2, 2, "ADD"},
    {"And", read_pairwise<true>, 2, 2, "LOGICAL_AND"},
    {"Asin", read_unary, 1, 1, "ASIN"},
    {"Asinh", read_unary, 1, 1, "ASINH"},
    {"Atan", read_unary, 1, 1, "ATAN"},
    {"Atanh", read_unary, 1, 1, "ATANH"},
    {"BitShift", read_bit_shift, 2, 2},
    {"BitwiseAnd", read_pairwise<false>, 2, 2, "BITWISE_AND"},
    {"BitwiseNot", read_bitwise_not},
    {"BitwiseOr", read_pairwise<false>, 2, 2, "BITWISE_OR"},
    {"BitwiseXor", read_pairwise<false>, 2, 2, "BITWISE_XOR"},
    {"Cast", read_cast},
    {"CastLike", read_cast_like, 2, 2},
    {"Ceil", read_unary, 1, 1, "CEIL"},
    {"Cos", read_unary, 1, 1, "COS"},
    {"Cosh", read_unary, 1, 1, "COSH"},
    {"Div", read_pairwise<false>, 2, 2, "DIV"},
    {"Dropout", read_dropout, 1, 3},
    {"Equal", read_pairwise<true>, 2, 2, "EQUAL"},
    {"Erf", read_unary, 1, 1, "ERF"},
    {"Exp", read_unary, 1, 1, "EXP"},
    {"Floor", read_unary, 1, 1, "FLOOR"},
    {"Greater", read_pairwise<true>, 2, 2, "GREATER"},
    {"GreaterOrEqual", read_pairwise<true>, 2, 2, "GREATER_EQUAL"},
    {"HardSwish", read_unary, 1, 1, "HARD_SWISH"},
    {"Identity", read_identity},
    {"Less", read_pairwise<true>, 2, 2, "LESS"},
    {"LessOrEqual", read_pairwise<true>, 2, 2, "LESS_EQUAL"},
    {"Log", read_unary, 1, 1, "LOG"},
    {"Max", read_folded, 1, kAnyInputs, "MAXIMUM"},
    {"Mean", read_mean_of, 1, kAnyInputs},
    {"Min", read_folded, 1, kAnyInputs, "MINIMUM"},
    {"Mod", read_mod, 2, 2},
    {"Mul", read_pairwise<false>, 2, 2, "MUL"},
    {"Neg", read_unary, 1, 1, "NEG"},
    {"Not", read_unary, 1, 1, "LOGICAL_NOT"},
    {"Or", read_pairwise<true>, 2, 2, "LOGICAL_OR"},
    {"Pow", read_pow, 2, 2, "POW"},
    {"Reciprocal", read_reciprocal},
    {"Relu", read_unary, 1, 1, "RELU"},
    {"Round", read_unary, 1, 1, "ROUND"},
    {"Sigmoid", read_unary, 1, 1, "LOGISTIC"},
    {"Sign", read_unary, 1, 1, "SIGN"},
    {"Sin", read_unary, 1, 1, "SIN"},
    {"Sinh", read_unary, 1, 1, "SINH"},
    {"Sqrt", read_unary, 1, 1, "SQRT"},
    {"Sub", read_pairwise<false>, 2, 2, "SUB"},
    {"Sum", read_folded, 1, kAnyInputs, "ADD"},
    {"Tan", read_unary, 1, 1, "TAN"},
    {"Tanh", read_unary, 1, 1, "TANH"},
    {"Where", read_where, 3, 3},
};

}  // namespace

std::span<const OpRow> elementwise_rows() {
  return kRowsElementwise;
}

}  // namespace narrow::onnx
