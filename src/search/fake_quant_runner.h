// Runs a float model from any step on, with chosen tensors rounded to activations on the way.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "program/runner.h"
#include "quantize/params.h"
#include "search/liveness.h"

namespace narrow {

/// Rounds each value to the nearest one that `params` has (ties to even), those beyond its ends to the ends.
void fake_quantize(std::span<float> values, const QuantParams& params);

/// By tensor of the graph that is run: the params that its values are rounded to once it has been computed.
using ParamsByTensor = std::vector<std::optional<QuantParams>>;

/// The values that are there at one position, of some samples.
struct Frontier {
  size_t position = 0;
  std::vector<std::byte> values;
};

/// One thread's arena. Positions are those of Liveness.
class FakeQuantRunner {
 public:
  FakeQuantRunner(Program program, const Liveness& lives) : runner_(std::move(program)), liveness_(&lives) {}

  /// For inputs to be read into it, and outputs to be read from it.
  Runner& runner() { return runner_; }

  /// Brings the values of `count` samples into place, or out of it.
  void load(const Frontier& frontier, int count);
  void save(size_t position, int count, Frontier& frontier);

  /// Goes from one position to another; what is computed at either and between is rounded to its params, if it has one.
  Status advance(size_t from, size_t to, int count, const ParamsByTensor& params);
  /// To the end.
  Status finish(size_t from, int count, const ParamsByTensor& params) { return advance(from, steps(), count, params); }

  /// The real values of all outputs, one output behind the other, at the end.
  void outputs(int count, std::vector<float>& out);

 private:
  size_t steps() const { return runner_.program().steps.size(); }
  std::span<std::byte> bytes(int tensor, int count);
  void fake_quantize_at(size_t position, int count, const ParamsByTensor& params);

  Runner runner_;
  const Liveness* liveness_;
};

}  // namespace narrow
