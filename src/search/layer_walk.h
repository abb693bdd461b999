// LayerWalk: a model run over many samples, stopping between any two ops.
#pragma once

#include <memory>
#include <vector>

#include "graph/samples.h"
#include "search/fake_quant_runner.h"

namespace narrow {

/// Keeps what lives between two ops for all samples, in batches; no op is run twice.
class LayerWalk {
 public:
  /// For so many batches of at most `batch` samples, worked on by `workers` threads. The model's graph `entry` keeps no
  /// state and runs no other graph (runs_one_by_one). Its constants may change between calls, see `lower_again`.
  static Result<std::unique_ptr<LayerWalk>> make(std::shared_ptr<const Model> model, int entry, int batch,
                                                 size_t batches, int workers);

  /// The most bytes that live between two ops for one sample.
  static int64_t bytes_per_sample(const Graph& graph);

  /// Reads the inputs of batch `number`, which is samples [first, first + count), before it is brought anywhere.
  Status start(int worker, size_t number, const Samples& data, int64_t first, int count);
  /// Brings a batch to where the first `op` ops have run. The values of what lives there are at `values` until the
  /// worker's next call.
  Status advance(int worker, size_t number, size_t op);
  const std::byte* values(int worker, int tensor) { return runner(worker).runner().values(tensor); }
  /// Takes the present constants of an op.
  Status lower_again(size_t op);

 private:
  LayerWalk(std::shared_ptr<const Model> model, int entry, int batch);
  FakeQuantRunner& runner(int worker) { return runners_[static_cast<size_t>(worker)]; }

  struct Batch {
    int count = 0;
    Frontier frontier;
  };

  std::shared_ptr<const Model> model_;
  Liveness liveness_;
  int batch_;
  ParamsByTensor unchanged_;              // nothing is fake-quantized
  std::vector<FakeQuantRunner> runners_;  // by worker
  std::vector<Batch> batches_;
};

}  // namespace narrow
