// Sum: what a gate's function is applied to, taken apart.
#pragma once

#include <optional>
#include <vector>

#include "simplify/recurrent/expressions.h"

namespace narrow {

/// A bias, plus products of weights and columns, plus columns times a factor each, plus products of columns.
struct Sum {
  struct Weighted {
    Columns of;
    Floats weights;  // [size of the sum, columns]
  };
  struct Scaled {
    Columns of;
    std::vector<float> factors;
  };
  struct Product {
    Columns a;
    Columns b;
  };
  std::vector<float> bias;
  std::vector<Weighted> weighted;  // each of other columns
  std::vector<Scaled> scaled;
  std::vector<Product> products;

  int size() const { return static_cast<int>(bias.size()); }
  /// The weights of those columns; null where there are none.
  const std::vector<float>* weights_of(const Columns& columns) const;
  void negate();
};

/// The columns as such a sum; nothing where they are none.
std::optional<Sum> sum_of(const Expressions& expressions, const Columns& columns);

}  // namespace narrow
