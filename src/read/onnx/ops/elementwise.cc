// Ops on elements at the same place: one operand, or several with broadcasting.
#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
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

/// Operands in one order of dimensions, which is that of the first computed one with the most dimensions.
struct Aligned {
  std::vector<int> tensors;
  Order order;
};

Result<Aligned> align(Node& n, size_t count) {
  int rank = 0;
  for (size_t i = 0; i < count; ++i) rank = std::max(rank, n.net.rank(n.in(i)));
  Aligned out{{}, plain(rank)};
  for (size_t i = count; i-- > 0;)
    if (n.net.rank(n.in(i)) == rank && !n.tensor(i).constant) out.order = n.in(i).order;
  for (size_t i = 0; i < count; ++i) {
    const Value& v = n.in(i);
    int t = v.tensor;
    if (n.net.rank(v) == rank) {
      NARROW_TRY(t, n.net.stored(v, out.order));
    } else if (out.order == plain(rank) || n.tensor(i).elements() == 1) {
      NARROW_TRY(t, n.net.plain_tensor(v));
    } else {
      NARROW_TRY(t, n.net.plain_tensor(v));
      NARROW_TRY(t, n.net.reshaped(t, n.net.at(t).shape.padded_to(rank), ""));
      NARROW_TRY(t, n.net.stored({t, plain(rank)}, out.order));
    }
    out.tensors.push_back(t);
  }
  return out;
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
  if (n.integer("fmod", 0) != 0) return not_here("fmod");
  NARROW_TRY(Aligned const in, align(n, 2));
  return n.give(n.net.add(kFloorMod, {}, in.tensors, n.name()), in.order);
}

Status read_pow(Node& n) {
  if (n.tensor(0).dtype != n.tensor(1).dtype) return not_here("an exponent of another type");
  return read_pairwise<false>(n);
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
  return n.give(n.in(0));
}

Status read_cast(Node& n) {
  NARROW_TRY(DType const to, computed_type(static_cast<int32_t>(n.integer("to", 0))));
  n.ignore("saturate");
  n.ignore("round_mode");
  DType const from = n.tensor(0).dtype;
  if (from == to) return n.give(n.in(0));
  return n.give(n.net.add(kCast, CastAttributes{from, to}, {n.in(0).tensor}, n.name(), to), n.in(0).order);
}

constexpr OpRow kRowsElementwise[] = {
    {"Abs", read_unary, 1, 1, "ABS"},
    {"Add", read_pairwise<false>, 2, 2, "ADD"},
    {"And", read_pairwise<true>, 2, 2, "LOGICAL_AND"},
    {"Cast", read_cast},
    {"Ceil", read_unary, 1, 1, "CEIL"},
    {"Cos", read_unary, 1, 1, "COS"},
    {"Div", read_pairwise<false>, 2, 2, "DIV"},
    {"Dropout", read_dropout, 1, 3},
    {"Equal", read_pairwise<true>, 2, 2, "EQUAL"},
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
    {"Sqrt", read_unary, 1, 1, "SQRT"},
    {"Sub", read_pairwise<false>, 2, 2, "SUB"},
    {"Sum", read_folded, 1, kAnyInputs, "ADD"},
    {"Tanh", read_unary, 1, 1, "TANH"},
    {"Where", read_where, 3, 3},
};

}  // namespace

std::span<const OpRow> elementwise_rows() {
  return kRowsElementwise;
}

}  // namespace narrow::onnx
