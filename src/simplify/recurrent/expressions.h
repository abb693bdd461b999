// Expressions: what the rows of a network's tensors are computed of, whatever ops and tensors compute them.
//
// An expression stands for one row of numbers for each sample. Its elements are numbered, so that ops which only move
// values move numbers, and two tensors hold the same values where they hold the same numbers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "ops/recurrent/cell_function.h"

namespace narrow {

/// Columns [from, from + size) of an expression.
struct Columns {
  int of = -1;
  int from = 0;
  int size = 0;
  bool operator==(const Columns&) const = default;
  auto operator<=>(const Columns&) const = default;
};

enum class ExpressionKind : uint8_t {
  unknown,   // values of which nothing is said
  constant,  // the same for all samples
  linear,    // weights times the operands, one behind the other, plus a bias
  add,
  subtract,
  multiply,
  function,
};

using Floats = std::shared_ptr<const std::vector<float>>;

struct Expression {
  ExpressionKind kind = ExpressionKind::unknown;
  int size = 0;                     // columns
  int32_t first = 0;                // number of the first element
  std::vector<Columns> operands{};  // two of add, subtract and multiply, one of a function, any number of linear
  Floats weights{};                 // of linear: [size, sum of the operands' sizes]
  Floats values{};                  // of a constant; the bias of linear, which may be null
  CellFunction function = CellFunction::linear;
};

/// Where an element is.
struct Element {
  int of = 0;
  int row = 0;  // sample; 0 for constants
  int column = 0;
};

/// The expressions of one network. Equal ones are one, and what is added to, multiplied by or weighted with constants
/// of zeros and ones is left out.
class Expressions {
 public:
  explicit Expressions(int rows);

  int rows() const { return rows_; }
  int count() const { return static_cast<int>(all_.size()); }
  int64_t elements() const { return next_; }
  const Expression& at(int index) const { return all_[static_cast<size_t>(index)]; }
  bool is_constant(int index) const { return at(index).kind == ExpressionKind::constant; }

  Columns unknown(int size);
  Columns constant(std::vector<float> values);
  /// `weights` has a column for each of the operands', which are not constant.
  Columns linear(std::vector<Columns> operands, const Floats& weights, const Floats& bias, int size);
  Columns binary(ExpressionKind kind, Columns a, Columns b);
  Columns function(CellFunction function, Columns a);
  /// One and the same for equal values.
  Floats shared(std::vector<float> values);

  Element element(int32_t number) const;
  int32_t number(const Columns& columns, int row, int column) const;

  /// The value of a constant's columns.
  std::vector<float> values(const Columns& columns) const;
  /// The weights of a linear expression's columns for the operand whose first column of the weights is `begin`, times
  /// `sign`; the same for each expression with these weights.
  Floats block(const Columns& columns, size_t begin, int width, float sign) const;
  /// The same columns of an operand of add, subtract, multiply or a function.
  Columns operand(const Columns& columns, size_t index) const;

 private:
  Columns add(Expression expression);

  int rows_;
  int64_t next_ = 0;
  std::vector<Expression> all_;
  std::map<std::string, int> known_;        // by what they are made of
  std::multimap<uint64_t, Floats> floats_;  // by a hash of the values
  mutable std::map<std::tuple<const void*, int, int, size_t, int, bool>, Floats> blocks_;
};

}  // namespace narrow
