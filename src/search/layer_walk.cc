#include "search/layer_walk.h"

#include <algorithm>

#include "program/run_samples.h"

namespace narrow {

LayerWalk::LayerWalk(std::shared_ptr<const Model> model, int entry, int batch)
    : model_(std::move(model)),
      liveness_(model_->graphs[static_cast<size_t>(entry)]),
      batch_(batch),
      unchanged_(model_->graphs[static_cast<size_t>(entry)].tensors.size()) {}

Result<std::unique_ptr<LayerWalk>> LayerWalk::make(std::shared_ptr<const Model> model, int entry, int batch,
                                                   size_t batches, int workers) {
  std::unique_ptr<LayerWalk> walk(new LayerWalk(std::move(model), entry, batch));
  walk->batches_.resize(batches);
  for (int w = 0; w < workers; ++w) {
    NARROW_TRY(Program program, lower(walk->model_, {all_profiles().front(), batch}, entry));
    walk->runners_.emplace_back(std::move(program), walk->liveness_);
  }
  return walk;
}

int64_t LayerWalk::bytes_per_sample(const Graph& graph) {
  Liveness const liveness(graph);
  int64_t most = 1;
  for (size_t done = 0; done <= graph.ops.size(); ++done) most = std::max(most, liveness.bytes_after(done));
  return most;
}

Status LayerWalk::start(int worker, size_t number, const Samples& data, int64_t first, int count) {
  FakeQuantRunner& r = runner(worker);
  NARROW_CHECK(read_inputs(data, first, count, r.runner()));
  Batch& batch = batches_[number];
  batch.count = count;
  r.save(0, count, batch.frontier);
  return {};
}

Status LayerWalk::advance(int worker, size_t number, size_t op) {
  Batch& batch = batches_[number];
  FakeQuantRunner& r = runner(worker);
  r.load(batch.frontier, batch.count);
  if (batch.frontier.position == op) return {};
  NARROW_CHECK(r.advance(batch.frontier.position, op, batch.count, unchanged_));
  r.save(op, batch.count, batch.frontier);
  return {};
}

Status LayerWalk::lower_again(size_t op) {
  for (FakeQuantRunner& r : runners_) NARROW_CHECK(r.runner().lower_again(op, {all_profiles().front(), batch_}));
  return {};
}

}  // namespace narrow
