#include "simplify/recurrent/sum.h"

#include <algorithm>

namespace narrow {
namespace {

constexpr int kDeepestSum = 16;  // sums in sums

void add_weighted(Sum& sum, const Columns& of, Floats weights) {
  for (Sum::Weighted& w : sum.weighted) {
    if (w.of != of) continue;
    std::vector<float> both = *w.weights;
    std::transform(both.begin(), both.end(), weights->begin(), both.begin(), std::plus<>());
    w.weights = std::make_shared<const std::vector<float>>(std::move(both));
    return;
  }
  sum.weighted.push_back({of, std::move(weights)});
}

void add_linear(const Expressions& e, const Columns& columns, float sign, Sum& sum) {
  const Expression& linear = e.at(columns.of);
  if (linear.values)
    for (size_t r = 0; r < sum.bias.size(); ++r)
      sum.bias[r] += sign * (*linear.values)[static_cast<size_t>(columns.from) + r];
  size_t begin = 0;
  for (const Columns& of : linear.operands) {
    add_weighted(sum, of, e.block(columns, begin, of.size, sign));
    begin += static_cast<size_t>(of.size);
  }
}

bool add_columns_to(const Expressions& e, const Columns& columns, float sign, int depth, Sum& sum) {
  if (depth == kDeepestSum) return false;
  switch (e.at(columns.of).kind) {
    case ExpressionKind::constant: {
      std::vector<float> const values = e.values(columns);
      for (size_t i = 0; i < values.size(); ++i) sum.bias[i] += sign * values[i];
      return true;
    }
    case ExpressionKind::linear:
      add_linear(e, columns, sign, sum);
      return true;
    case ExpressionKind::add:
    case ExpressionKind::subtract: {
      bool const minus = e.at(columns.of).kind == ExpressionKind::subtract;
      return add_columns_to(e, e.operand(columns, 0), sign, depth + 1, sum) &&
             add_columns_to(e, e.operand(columns, 1), minus ? -sign : sign, depth + 1, sum);
    }
    case ExpressionKind::multiply: {
      Columns const a = e.operand(columns, 0), b = e.operand(columns, 1);
      if (!e.is_constant(a.of) && !e.is_constant(b.of)) {
        sum.products.push_back({a, b});
        return sign > 0;
      }
      std::vector<float> factors = e.values(e.is_constant(a.of) ? a : b);
      for (float& f : factors) f *= sign;
      sum.scaled.push_back({e.is_constant(a.of) ? b : a, std::move(factors)});
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

const std::vector<float>* Sum::weights_of(const Columns& columns) const {
  for (const Weighted& w : weighted)
    if (w.of == columns) return w.weights.get();
  return nullptr;
}

void Sum::negate() {
  auto const turn = [](std::vector<float>& values) {
    for (float& v : values) v = -v;
  };
  turn(bias);
  for (Weighted& w : weighted) {
    std::vector<float> turned = *w.weights;
    turn(turned);
    w.weights = std::make_shared<const std::vector<float>>(std::move(turned));
  }
  for (Scaled& s : scaled) turn(s.factors);
}

std::optional<Sum> sum_of(const Expressions& e, const Columns& columns) {
  Sum sum;
  sum.bias.resize(static_cast<size_t>(columns.size));
  if (!add_columns_to(e, columns, 1, 0, sum)) return std::nullopt;
  return sum;
}

}  // namespace narrow
