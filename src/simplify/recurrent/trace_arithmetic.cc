#include "simplify/recurrent/trace_arithmetic.h"

#include <algorithm>
#include <span>

namespace narrow {
namespace {

/// Positions of a tensor by the sample that their elements belong to, in order.
using Positions = std::vector<std::vector<size_t>>;

float value_of(const Expressions& e, const Element& constant) {
  return (*e.at(constant.of).values)[static_cast<size_t>(constant.column)];
}

/// Whether two elements are the same but for the sample.
bool same_place(const Expressions& e, int32_t a, int32_t b) {
  if (a == b) return true;
  Element const x = e.element(a), y = e.element(b);
  if (e.is_constant(x.of)) return e.is_constant(y.of) && value_of(e, x) == value_of(e, y);
  return x.of == y.of && x.column == y.column;
}

/// The positions of each sample, where elements of one position belong to one sample, and each sample has the same
/// expressions in the same order.
std::optional<Positions> positions_of(const Expressions& e, std::span<const Numbers* const> operands) {
  Positions out(static_cast<size_t>(e.rows()));
  for (size_t i = 0; i < operands[0]->size(); ++i) {
    int row = e.rows() == 1 ? 0 : -1;
    for (const Numbers* operand : operands) {
      if (e.rows() == 1) break;
      Element const at = e.element((*operand)[i]);
      if (e.is_constant(at.of)) continue;
      if (row >= 0 && row != at.row) return std::nullopt;
      row = at.row;
    }
    if (row < 0) return std::nullopt;
    out[static_cast<size_t>(row)].push_back(i);
  }
  for (const auto& positions : out) {
    if (positions.size() != out[0].size()) return std::nullopt;
    for (size_t k = 0; k < positions.size(); ++k)
      for (const Numbers* operand : operands)
        if (!same_place(e, (*operand)[out[0][k]], (*operand)[positions[k]])) return std::nullopt;
  }
  return out;
}

/// How many elements from `begin` on, at these positions, are consecutive columns of one expression, or constants.
size_t run_length(const Expressions& e, const Numbers& numbers, std::span<const size_t> positions, size_t begin) {
  Element const first = e.element(numbers[positions[begin]]);
  bool const constant = e.is_constant(first.of);
  size_t n = 1;
  for (; begin + n < positions.size(); ++n) {
    Element const next = e.element(numbers[positions[begin + n]]);
    if (constant ? !e.is_constant(next.of)
                 : next.of != first.of || next.column != first.column + static_cast<int>(n) || next.row != first.row)
      break;
  }
  return n;
}

/// The elements of such a run, in the first sample.
Columns run_at(Expressions& e, const Numbers& numbers, std::span<const size_t> positions, size_t begin, size_t size) {
  Element const first = e.element(numbers[positions[begin]]);
  if (!e.is_constant(first.of)) return {first.of, first.column, static_cast<int>(size)};
  std::vector<float> values;
  for (size_t k = begin; k < begin + size; ++k) values.push_back(value_of(e, e.element(numbers[positions[k]])));
  return e.constant(std::move(values));
}

/// Brings the elements of a run's result to where they belong in each sample.
void place(const Expressions& e, const Columns& result, const Positions& positions, size_t begin, Numbers& out) {
  for (size_t row = 0; row < positions.size(); ++row)
    for (int k = 0; k < result.size; ++k)
      out[positions[row][begin + static_cast<size_t>(k)]] = e.number(result, static_cast<int>(row), k);
}

/// The sample that a row of elements belongs to, -1 for constants alone; nothing where there are several.
std::optional<int> sample_of(const Expressions& e, std::span<const int32_t> row) {
  int sample = -1;
  for (int32_t n : row) {
    Element const at = e.element(n);
    if (e.is_constant(at.of)) continue;
    if (sample >= 0 && sample != at.row) return std::nullopt;
    sample = at.row;
  }
  return sample;
}

/// A row of elements times weights.
Columns weighted_row(Expressions& e, const Numbers& row, const Floats& weights, const Floats& bias, int out) {
  std::vector<size_t> positions(row.size());
  for (size_t i = 0; i < positions.size(); ++i) positions[i] = i;
  auto const rows = static_cast<size_t>(out), columns = row.size();
  std::vector<Columns> operands;
  std::vector<std::pair<size_t, size_t>> used;  // columns of the weights: the first, and how many
  std::vector<double> sums(rows);
  if (bias) sums.assign(bias->begin(), bias->end());
  for (size_t begin = 0; begin < row.size();) {
    size_t const size = run_length(e, row, positions, begin);
    Columns const run = run_at(e, row, positions, begin, size);
    if (e.is_constant(run.of)) {
      std::vector<float> const values = e.values(run);
      for (size_t r = 0; r < rows; ++r)
        for (size_t c = 0; c < size; ++c) sums[r] += double{(*weights)[r * columns + begin + c]} * double{values[c]};
    } else {
      operands.push_back(run);
      used.emplace_back(begin, size);
    }
    begin += size;
  }
  size_t kept = 0;
  for (auto const& [begin, size] : used) kept += size;
  Floats taken = weights;
  if (kept != columns) {
    std::vector<float> part;
    part.reserve(rows * kept);
    for (size_t r = 0; r < rows; ++r)
      for (auto const& [begin, size] : used)
        for (size_t c = 0; c < size; ++c) part.push_back((*weights)[r * columns + begin + c]);
    taken = e.shared(std::move(part));
  }
  return e.linear(std::move(operands), taken, e.shared({sums.begin(), sums.end()}), out);
}

}  // namespace

Numbers broadcast_numbers(const Numbers& numbers, const Shape& from, const Shape& to) {
  if (from == to) return numbers;
  std::vector<int32_t> const dims = from.padded_to(to.rank());
  Numbers out(static_cast<size_t>(to.elements()));
  for (size_t i = 0; i < out.size(); ++i) {
    size_t left = i, at = 0, stride = 1;
    for (int d = to.rank(); d-- > 0;) {
      size_t const index = left % static_cast<size_t>(to[d]);
      left /= static_cast<size_t>(to[d]);
      auto const size = static_cast<size_t>(dims[static_cast<size_t>(d)]);
      at += (size == 1 ? 0 : index) * stride;
      stride *= size;
    }
    out[i] = numbers[at];
  }
  return out;
}

std::optional<Numbers> trace_binary(Expressions& e, ExpressionKind kind, const Numbers& a, const Numbers& b) {
  const Numbers* const operands[] = {&a, &b};
  auto const positions = positions_of(e, operands);
  if (!positions) return std::nullopt;
  std::vector<size_t> const& first = positions->front();
  Numbers out(a.size());
  for (size_t begin = 0; begin < first.size();) {
    size_t const size = std::min(run_length(e, a, first, begin), run_length(e, b, first, begin));
    Columns const x = run_at(e, a, first, begin, size), y = run_at(e, b, first, begin, size);
    place(e, e.binary(kind, x, y), *positions, begin, out);
    begin += size;
  }
  return out;
}

std::optional<Numbers> trace_function(Expressions& e, CellFunction function, const Numbers& a) {
  const Numbers* const operands[] = {&a};
  auto const positions = positions_of(e, operands);
  if (!positions) return std::nullopt;
  std::vector<size_t> const& first = positions->front();
  Numbers out(a.size());
  for (size_t begin = 0; begin < first.size();) {
    size_t const size = run_length(e, a, first, begin);
    place(e, e.function(function, run_at(e, a, first, begin, size)), *positions, begin, out);
    begin += size;
  }
  return out;
}

std::optional<Numbers> trace_linear(Expressions& e, const Numbers& a, int columns, const Floats& weights,
                                    const Floats& bias, int out) {
  auto const width = static_cast<size_t>(columns);
  size_t const rows = a.size() / width;
  Numbers result(rows * static_cast<size_t>(out));
  std::vector<std::vector<size_t>> of_sample(static_cast<size_t>(e.rows()));  // rows of `a`
  for (size_t r = 0; r < rows; ++r) {
    auto const row = std::span(a).subspan(r * width, width);
    auto const sample = sample_of(e, row);
    if (!sample) return std::nullopt;
    if (*sample >= 0) {
      of_sample[static_cast<size_t>(*sample)].push_back(r);
      continue;
    }
    Columns const known = weighted_row(e, {row.begin(), row.end()}, weights, bias, out);
    for (int c = 0; c < out; ++c) result[r * static_cast<size_t>(out) + static_cast<size_t>(c)] = e.number(known, 0, c);
  }
  for (size_t k = 0; k < of_sample[0].size(); ++k) {
    auto const begin = a.begin() + static_cast<std::ptrdiff_t>(of_sample[0][k] * width);
    Numbers const row(begin, begin + columns);
    Columns const sum = weighted_row(e, row, weights, bias, out);
    for (size_t s = 0; s < of_sample.size(); ++s) {
      if (of_sample[s].size() != of_sample[0].size()) return std::nullopt;
      for (size_t c = 0; c < width; ++c)
        if (!same_place(e, row[c], a[of_sample[s][k] * width + c])) return std::nullopt;
      for (int c = 0; c < out; ++c)
        result[of_sample[s][k] * static_cast<size_t>(out) + static_cast<size_t>(c)] =
            e.number(sum, static_cast<int>(s), c);
    }
  }
  return result;
}

}  // namespace narrow
