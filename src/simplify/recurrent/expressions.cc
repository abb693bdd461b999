#include "simplify/recurrent/expressions.h"

#include <algorithm>
#include <cstring>

namespace narrow {
namespace {

bool all_are(std::span<const float> values, float value) {
  return std::all_of(values.begin(), values.end(), [=](float v) { return v == value; });
}

uint64_t hash_floats(const std::vector<float>& values) {
  uint64_t hash = 0xcbf29ce484222325;
  for (float v : values) {
    uint32_t bits = 0;
    std::memcpy(&bits, &v, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3;
  }
  return hash;
}

template <class T>
void append(std::string& to, const T& value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

Expressions::Expressions(int rows) : rows_(rows) {
  constant({0});  // number 0: what PAD puts around values
}

Floats Expressions::shared(std::vector<float> values) {
  uint64_t const hash = hash_floats(values);
  auto const [first, last] = floats_.equal_range(hash);
  for (auto i = first; i != last; ++i)
    if (i->second->size() == values.size() &&
        std::memcmp(i->second->data(), values.data(), values.size() * sizeof(float)) == 0)
      return i->second;
  return floats_.emplace(hash, std::make_shared<const std::vector<float>>(std::move(values)))->second;
}

Columns Expressions::add(Expression expression) {
  Columns const whole{count(), 0, expression.size};
  if (expression.kind != ExpressionKind::unknown) {
    std::string key;
    append(key, expression.kind);
    append(key, expression.function);
    append(key, expression.size);
    append(key, expression.weights.get());
    append(key, expression.values.get());
    for (const Columns& c : expression.operands) {
      append(key, c.of);
      append(key, c.from);
      append(key, c.size);
    }
    auto const [place, is_new] = known_.emplace(std::move(key), whole.of);
    if (!is_new) return {place->second, 0, expression.size};
  }
  expression.first = static_cast<int32_t>(next_);
  next_ += int64_t{expression.size} * (expression.kind == ExpressionKind::constant ? 1 : rows_);
  all_.push_back(std::move(expression));
  return whole;
}

Columns Expressions::unknown(int size) {
  return add({.kind = ExpressionKind::unknown, .size = size});
}

Columns Expressions::constant(std::vector<float> values) {
  int const size = static_cast<int>(values.size());
  return add({.kind = ExpressionKind::constant, .size = size, .values = shared(std::move(values))});
}

Columns Expressions::linear(std::vector<Columns> operands, const Floats& weights, const Floats& bias, int size) {
  if (operands.empty()) return constant(bias ? *bias : std::vector<float>(static_cast<size_t>(size)));
  Floats const used = bias && all_are(*bias, 0) ? nullptr : bias;
  return add({.kind = ExpressionKind::linear,
              .size = size,
              .operands = std::move(operands),
              .weights = weights,
              .values = used});
}

Columns Expressions::binary(ExpressionKind kind, Columns a, Columns b) {
  auto const computed = [&](float x, float y) {
    return kind == ExpressionKind::add ? x + y : kind == ExpressionKind::subtract ? x - y : x * y;
  };
  bool const a_known = is_constant(a.of), b_known = is_constant(b.of);
  if (a_known || b_known) {
    std::vector<float> const x = a_known ? values(a) : std::vector<float>(), y = b_known ? values(b) : x;
    if (a_known && b_known) {
      std::vector<float> result(x.size());
      for (size_t i = 0; i < x.size(); ++i) result[i] = computed(x[i], y[i]);
      return constant(std::move(result));
    }
    float const neutral = kind == ExpressionKind::multiply ? 1 : 0;
    if (b_known && all_are(y, neutral)) return a;
    if (a_known && kind != ExpressionKind::subtract && all_are(x, neutral)) return b;
    if (kind == ExpressionKind::multiply && all_are(y, 0)) return constant(y);
  }
  if (kind != ExpressionKind::subtract && b < a) std::swap(a, b);
  return add({.kind = kind, .size = a.size, .operands = {a, b}});
}

Columns Expressions::function(CellFunction function, Columns a) {
  if (is_constant(a.of)) {
    std::vector<float> result = values(a);
    apply({.function = function}, result.data(), result.size());
    return constant(std::move(result));
  }
  return add({.kind = ExpressionKind::function, .size = a.size, .operands = {a}, .function = function});
}

Element Expressions::element(int32_t number) const {
  auto const after =
      std::upper_bound(all_.begin(), all_.end(), number, [](int32_t n, const Expression& e) { return n < e.first; });
  int const of = static_cast<int>(after - all_.begin()) - 1;
  int const at = number - all_[static_cast<size_t>(of)].first, size = all_[static_cast<size_t>(of)].size;
  return {of, at / size, at % size};
}

int32_t Expressions::number(const Columns& columns, int row, int column) const {
  const Expression& e = at(columns.of);
  return e.first + (e.kind == ExpressionKind::constant ? 0 : row * e.size) + columns.from + column;
}

std::vector<float> Expressions::values(const Columns& columns) const {
  auto const first = at(columns.of).values->begin() + columns.from;
  return {first, first + columns.size};
}

Floats Expressions::block(const Columns& columns, size_t begin, int width, float sign) const {
  const Expression& linear = at(columns.of);
  Floats& known = blocks_[{linear.weights.get(), columns.from, columns.size, begin, width, sign < 0}];
  if (known) return known;
  size_t const all = linear.weights->size() / static_cast<size_t>(linear.size);
  std::vector<float> values;
  for (int r = columns.from; r < columns.from + columns.size; ++r)
    for (size_t c = begin; c < begin + static_cast<size_t>(width); ++c)
      values.push_back(sign * (*linear.weights)[static_cast<size_t>(r) * all + c]);
  known = std::make_shared<const std::vector<float>>(std::move(values));
  return known;
}

Columns Expressions::operand(const Columns& columns, size_t index) const {
  const Columns& whole = at(columns.of).operands[index];
  return {whole.of, whole.from + columns.from, columns.size};
}

}  // namespace narrow
