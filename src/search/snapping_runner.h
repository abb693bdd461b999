// Runs a float model from any step on, with chosen tensors rounded to grids on the way.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "program/runner.h"
#include "quantize/grid.h"
#include "search/lives.h"

namespace narrow {

/// Rounds each value to the nearest one that `grid` has (ties to even), those beyond its ends to the ends.
void snap(std::span<float> values, const Grid& grid);

/// By tensor of the first graph: the grid that its values are rounded to once it has been computed.
using GridMap = std::vector<std::optional<Grid>>;

/// The values that are there at one position, of some samples.
struct Frontier {
  size_t position = 0;
  std::vector<std::byte> values;
};

/// One thread's arena. Positions are those of Lives.
class SnappingRunner {
 public:
  SnappingRunner(Program program, const Lives& lives) : runner_(std::move(program)), lives_(&lives) {}

  /// For inputs to be read into it, and outputs to be read from it.
  Runner& runner() { return runner_; }

  /// Brings the values of `count` samples into place, or out of it.
  void load(const Frontier& frontier, int count);
  void save(size_t position, int count, Frontier& frontier);

  /// Goes from one position to another; what is computed at either and between is rounded to its grid, if it has one.
  Status advance(size_t from, size_t to, int count, const GridMap& grids);
  /// To the end.
  Status finish(size_t from, int count, const GridMap& grids) { return advance(from, steps(), count, grids); }

  /// The real values of all outputs, one output behind the other, at the end.
  void outputs(int count, std::vector<float>& out);

 private:
  size_t steps() const { return runner_.program().steps.size(); }
  std::span<std::byte> bytes(int tensor, int count);
  void snap_at(size_t position, int count, const GridMap& grids);

  Runner runner_;
  const Lives* lives_;
};

}  // namespace narrow
