// Element-wise arithmetic, comparisons and logic.
#include "ops/arithmetic/arithmetic.h"

#include <algorithm>
#include <cmath>

#include "ops/conversions/conversions.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

// Of numbers that no graph's shapes reach, sums may wrap; nothing depends on them but the refusal of what follows.
int64_t add_ints(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
int64_t sub_ints(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
int64_t mul_ints(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
int64_t floor_div_ints(int64_t a, int64_t b) {
  if (b == 0 || b == -1) return b == 0 ? 0 : sub_ints(0, a);
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}
int64_t floor_mod_ints(int64_t a, int64_t b) {
  return sub_ints(a, mul_ints(floor_div_ints(a, b), b));
}
int64_t max_ints(int64_t a, int64_t b) {
  return std::max(a, b);
}
int64_t min_ints(int64_t a, int64_t b) {
  return std::min(a, b);
}
int64_t equal_ints(int64_t a, int64_t b) {
  return a == b;
}
int64_t not_equal_ints(int64_t a, int64_t b) {
  return a != b;
}
int64_t less_ints(int64_t a, int64_t b) {
  return a < b;
}
int64_t less_equal_ints(int64_t a, int64_t b) {
  return a <= b;
}
int64_t greater_ints(int64_t a, int64_t b) {
  return a > b;
}
int64_t greater_equal_ints(int64_t a, int64_t b) {
  return a >= b;
}
int64_t and_ints(int64_t a, int64_t b) {
  return a && b;
}
int64_t or_ints(int64_t a, int64_t b) {
  return a || b;
}

/// The element-wise result of two known operands that are equally long, or one of which is a single value.
Result<std::optional<Constant>> fold_pair(Node& node, DType dtype) {
  NARROW_TRY(Value const a, node.value(0));
  NARROW_TRY(Value const b, node.value(1));
  if (!node.rule().fold || !is_foldable(a) || !is_foldable(b)) return std::optional<Constant>();
  NARROW_TRY(std::vector<int64_t> const x, integers_of(*a.constant));
  NARROW_TRY(std::vector<int64_t> const y, integers_of(*b.constant));
  if (x.size() != y.size() && x.size() != 1 && y.size() != 1) return std::optional<Constant>();
  NARROW_TRY(Shape const shape, broadcast(a.constant->shape, b.constant->shape));
  std::vector<int64_t> out(static_cast<size_t>(shape.elements()));
  std::vector<bool> free(out.size());
  for (size_t i = 0; i < out.size(); ++i) {
    size_t const p = x.size() == 1 ? 0 : i, q = y.size() == 1 ? 0 : i;
    out[i] = node.rule().fold(x[p], y[q]);
    free[i] = is_free(*a.constant, p) || is_free(*b.constant, q);
  }
  return std::optional<Constant>(integer_constant(dtype, shape, out, std::move(free)));
}

/// The value of a constant of float32 whose elements are all the same.
std::optional<float> one_value(const Value& v) {
  if (!v.known() || v.constant->dtype != DType::float32 || v.constant->range) return std::nullopt;
  auto const values = v.constant->values<float>();
  if (values.empty() || !std::all_of(values.begin(), values.end(), [&](float x) { return x == values[0]; }))
    return std::nullopt;
  return values[0];
}

/// The other operand, where a constant changes nothing of it because all its elements are `neutral`.
Result<std::optional<Value>> unchanged(Node& node, size_t constant, float neutral) {
  NARROW_TRY(Value const by, node.value(constant));
  NARROW_TRY(Value const other, node.value(1 - constant));
  if (other.tensor == kNoTensor || one_value(by) != neutral || by.constant->shape.elements() != 1)
    return std::optional<Value>();
  const Shape& shape = node.builder().shape(other.tensor);
  auto const both = broadcast(shape, by.constant->shape);
  return both && *both == shape ? std::optional<Value>(other) : std::nullopt;
}

Result<std::vector<Value>> pair_of(Node& node, std::optional<DType> result) {
  NARROW_TRY(Value const a, node.value(0));
  DType const dtype = result ? *result : a.constant ? a.constant->dtype : DType::float32;
  auto emit = [&] { return result ? as_named(node, 2, *result) : as_named(node, 2); };
  NARROW_TRY(std::optional<Constant> known, fold_pair(node, dtype));
  if (known) return folded(node, std::move(*known), emit);
  return one(emit());
}

Result<std::vector<Value>> read_pair(Node& node) {
  return pair_of(node, std::nullopt);
}
Result<std::vector<Value>> read_comparison(Node& node) {
  return pair_of(node, DType::boolean);
}

// What dropout makes of random numbers is followed, as it is known where all of them lead to the same.

struct RandomPair {
  double lo, hi;  // of the random operand
  double by;      // the other one
};

std::optional<RandomPair> random_pair(const Value& a, const Value& b) {
  auto const by = one_value(b);
  if (!a.random || !by) return std::nullopt;
  return RandomPair{a.random->first, a.random->second, double{*by}};
}

std::vector<Value> uniform(double lo, double hi) {
  Value v;
  v.random = {lo, hi};
  return {std::move(v)};
}

/// A sum or product, of which either operand may be random, or change nothing.
template <class Range>
Result<std::vector<Value>> either_way(Node& node, float neutral, Range range) {
  for (size_t const i : {size_t{1}, size_t{0}}) {
    NARROW_TRY(Value const x, node.value(1 - i));
    NARROW_TRY(Value const constant, node.value(i));
    if (auto const p = random_pair(x, constant)) return range(*p);
    NARROW_TRY(std::optional<Value> const same, unchanged(node, i, neutral));
    if (same) return std::vector<Value>{*same};
  }
  return std::vector<Value>();
}

Result<std::vector<Value>> read_add(Node& node) {
  NARROW_TRY(std::vector<Value> early,
             either_way(node, 0, [](RandomPair p) { return uniform(p.lo + p.by, p.hi + p.by); }));
  if (!early.empty()) return early;
  NARROW_TRY(std::vector<Value> sum, read_pair(node));
  if (sum[0].tensor != kNoTensor) node.reading().sums.insert(sum[0].tensor);
  return sum;
}
Result<std::vector<Value>> read_mul(Node& node) {
  NARROW_TRY(std::vector<Value> early, either_way(node, 1, [](RandomPair p) {
               return uniform(std::min(p.lo * p.by, p.hi * p.by), std::max(p.lo * p.by, p.hi * p.by));
             }));
  return early.empty() ? read_pair(node) : early;
}

Constant scalar_of(float value, std::string name) {
  return {DType::float32, {}, SharedBytes::copy_of(std::span<const float>(&value, 1)), {}, {}, std::move(name)};
}

/// The value of a constant of float32 without dimensions.
std::optional<float> scalar(const Value& v) {
  return v.known() && v.constant->shape.rank() == 0 ? one_value(v) : std::nullopt;
}

Result<std::vector<Value>> read_sub(Node& node) {
  NARROW_TRY(Value const a, node.value(0));
  NARROW_TRY(Value const b, node.value(1));
  if (auto const p = random_pair(a, b)) return uniform(p->lo - p->by, p->hi - p->by);
  // The rate of dropout is computed: 1 - keep_prob.
  if (auto const x = scalar(a), y = scalar(b); x && y) return one(scalar_of(*x - *y, node.name()));
  NARROW_TRY(std::optional<Value> const same, unchanged(node, 1, 0));
  return same ? std::vector<Value>{*same} : read_pair(node);
}

Result<std::vector<Value>> read_div(Node& node) {
  NARROW_TRY(Value const a, node.value(0));
  NARROW_TRY(Value const b, node.value(1));
  // So is what dropout multiplies by: 1 / (1 - rate).
  if (auto const x = scalar(a), y = scalar(b); x && y) return one(scalar_of(*x / *y, node.name()));
  NARROW_TRY(std::optional<Value> const same, unchanged(node, 1, 1));
  return same ? std::vector<Value>{*same} : read_pair(node);
}

Result<std::vector<Value>> read_greater_equal(Node& node) {
  NARROW_TRY(Value const a, node.value(0));
  NARROW_TRY(Value const b, node.value(1));
  auto const p = random_pair(a, b);
  if (p && (p->lo >= p->by || p->hi <= p->by)) return one(integer_constant(DType::boolean, {}, {p->lo >= p->by}));
  return read_comparison(node);
}

Result<std::vector<Value>> read_unary(Node& node) {
  return one(as_named(node, 1));
}

Result<std::vector<Value>> read_floor(Node& node) {
  NARROW_TRY(Value const v, node.value(0));
  if (v.random && std::floor(v.random->first) == std::ceil(v.random->second) - 1) {
    return one(scalar_of(static_cast<float>(std::floor(v.random->first)), {}));
  }
  return read_unary(node);
}

Result<std::vector<Value>> read_not(Node& node) {
  NARROW_TRY(Value const v, node.value(0));
  if (!v.known() || !is_foldable(v)) return one(as_named(node, 1, DType::boolean));
  NARROW_TRY(std::vector<int64_t> values, integers_of(*v.constant));
  for (int64_t& x : values) x = !x;
  return one(integer_constant(DType::boolean, v.constant->shape, values));
}

Result<std::vector<Value>> read_add_n(Node& node) {
  std::vector<int> inputs;
  for (size_t i = 0; i < node.operands(); ++i) {
    NARROW_TRY(int const t, node.tensor(i));
    inputs.push_back(t);
  }
  if (inputs.empty()) return fail(ErrorKind::bad_file, "the node has no operands");
  if (inputs.size() == 1) return std::vector<Value>{of_tensor(inputs[0])};
  if (inputs.size() == 2) return one(node.add(kAdd, AddAttributes{}, inputs));
  return one(node.add(kAddN, {}, inputs));
}

Result<std::vector<Value>> read_reciprocal(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  int const unit =
      node.builder().constant({.name = node.reading().names.take(node.name() + "/one")}, std::vector{1.0f});
  return one(node.add(kDiv, DivAttributes{}, {unit, x}));
}

Result<std::vector<Value>> read_cast(Node& node) {
  NARROW_TRY(Value const v, node.value(0));
  NARROW_TRY(DType const to, node.dtype("DstT", DType::float32));
  bool const whole = to == DType::int32 || to == DType::int64 || to == DType::boolean;
  auto emit = [&]() -> Result<int> {
    NARROW_TRY(int const x, node.tensor(0));
    DType const from = node.builder().at(x).dtype;
    if (from == to) return x;
    return node.add(kCast, CastAttributes{from, to}, {x}, to);
  };
  if (is_foldable(v) && (whole || (to == DType::float32 && v.known()))) {
    NARROW_TRY(std::vector<int64_t> values, integers_of(*v.constant));
    if (to == DType::float32) {
      std::vector<float> const reals(values.begin(), values.end());
      return one(
          Constant{to, v.constant->shape, SharedBytes::copy_of(std::span<const float>(reals)), {}, {}, node.name()});
    }
    if (to == DType::boolean)
      for (int64_t& x : values) x = x != 0;
    return folded(node, integer_constant(to, v.constant->shape, values, v.constant->free), emit);
  }
  return one(emit());
}

constexpr NodeRule kArithmeticRules[] = {
    {"Abs", read_unary, "ABS"},
    {"Add", read_add, "ADD", add_ints},
    {"AddN", read_add_n},
    {"AddV2", read_add, "ADD", add_ints},
    {"Atan2", read_pair, "ATAN2"},
    {"Cast", read_cast},
    {"Ceil", read_unary, "CEIL"},
    {"Cos", read_unary, "COS"},
    {"Div", read_div, "DIV"},
    {"Equal", read_comparison, "EQUAL", equal_ints},
    {"Exp", read_unary, "EXP"},
    {"Floor", read_floor, "FLOOR"},
    {"FloorDiv", read_pair, "FLOOR_DIV", floor_div_ints},
    {"FloorMod", read_pair, "FLOOR_MOD", floor_mod_ints},
    {"Greater", read_comparison, "GREATER", greater_ints},
    {"GreaterEqual", read_greater_equal, "GREATER_EQUAL", greater_equal_ints},
    {"Inv", read_reciprocal},
    {"Less", read_comparison, "LESS", less_ints},
    {"LessEqual", read_comparison, "LESS_EQUAL", less_equal_ints},
    {"Log", read_unary, "LOG"},
    {"LogicalAnd", read_comparison, "LOGICAL_AND", and_ints},
    {"LogicalNot", read_not, "LOGICAL_NOT"},
    {"LogicalOr", read_comparison, "LOGICAL_OR", or_ints},
    {"Maximum", read_pair, "MAXIMUM", max_ints},
    {"Minimum", read_pair, "MINIMUM", min_ints},
    {"Mul", read_mul, "MUL", mul_ints},
    {"Neg", read_unary, "NEG"},
    {"NotEqual", read_comparison, "NOT_EQUAL", not_equal_ints},
    {"Pow", read_pair, "POW"},
    {"RealDiv", read_div, "DIV"},
    {"Reciprocal", read_reciprocal},
    {"Round", read_unary, "ROUND"},
    {"Rsqrt", read_unary, "RSQRT"},
    {"Sign", read_unary, "SIGN"},
    {"Sin", read_unary, "SIN"},
    {"Sqrt", read_unary, "SQRT"},
    {"Square", read_unary, "SQUARE"},
    {"SquaredDifference", read_pair, "SQUARED_DIFFERENCE"},
    {"Sub", read_sub, "SUB", sub_ints},
};

}  // namespace

std::span<const NodeRule> arithmetic_rules() {
  return kArithmeticRules;
}

}  // namespace narrow::graphdef
