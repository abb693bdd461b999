// FakeQuantRunner: runs a float model from any op on, with chosen tensors fake-quantized on the way.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/liveness.h"
#include "program/runner.h"
#include "quantize/params.h"

namespace narrow {

/// Replaces each value by the nearest one that an integer of `params` stands for (ties to even); values beyond its ends
/// become the ends.
void fake_quantize(std::span<float> values, const QuantParams& params);

/// By tensor of the graph that is run: with which parameters its values are fake-quantized once they are computed.
using ParamsByTensor = std::vector<std::optional<QuantParams>>;

/// The values of all live tensors after `position` ops, for some samples.
struct Frontier {
  size_t position = 0;
  std::vector<std::byte> values;  // tensor by tensor, each with all samples
};

/// Runs with an arena of its own, so each thread has one. A position is the number of ops that have run.
class FakeQuantRunner {
 public:
  FakeQuantRunner(Program program, const Liveness& liveness) : runner_(std::move(program)), liveness_(&liveness) {}

  /// For writing inputs and reading outputs.
  Runner& runner() { return runner_; }

  /// Copies the values of `count` samples into the arena, or out of it.
  void load(const Frontier& frontier, int count);
  void save(size_t position, int count, Frontier& frontier);

  /// Runs the ops from one position to another. Tensors that get their values at either position or between are
  /// fake-quantized, those with parameters.
  Status advance(size_t from, size_t to, int count, const ParamsByTensor& params);
  /// The same to the last op.
  Status finish(size_t from, int count, const ParamsByTensor& params) { return advance(from, steps(), count, params); }

  /// The real values of all outputs after the last op: one output after the other, each with all samples.
  void outputs(int count, std::vector<float>& out);

 private:
  size_t steps() const { return runner_.program().steps.size(); }
  std::span<std::byte> bytes(int tensor, int count);
  void fake_quantize_at(size_t position, int count, const ParamsByTensor& params);

  Runner runner_;
  const Liveness* liveness_;
};

}  // namespace narrow
