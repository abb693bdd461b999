// One grid for each activation, with ops that need equal scales solved together.
#pragma once

#include <optional>
#include <vector>

#include "quantize/decide.h"

namespace narrow {

/// Grids by tensor and width. A tensor lives on one grid, its home, where a quantized op computes it (or reads it as
/// a model input); other widths are reached by a QUANTIZE op on the way.
class Grids {
 public:
  explicit Grids(size_t tensors) : home_bits_(tensors, 0), by_node_(tensors * 2) {}

  /// Where the values of `tensor` are integers between ops; nothing where they are float.
  std::optional<Grid> home(int tensor) const;
  /// The grid that a quantized op of `bits` wants `tensor` on.
  const std::optional<Grid>& at(int tensor, int bits) const { return by_node_[node(tensor, bits)]; }

  static size_t node(int tensor, int bits) { return static_cast<size_t>(tensor) * 2 + (bits == 16 ? 1 : 0); }

  std::vector<int> home_bits_;                // per tensor: 0, 8 or 16
  std::vector<std::optional<Grid>> by_node_;  // per tensor and width
};

/// Chooses them. Tensors that an op wants on one scale share the union of their ranges, unless one of them is fixed
/// by its op (LOGISTIC): then that grid is all of theirs. bad_data where a range is not known.
Result<Grids> choose_grids(const Model& model, const std::vector<Decision>& decisions, const RangeOf& range_of,
                           const Recipe& recipe);

}  // namespace narrow
