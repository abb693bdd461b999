#include "program/run_samples.h"

#include <algorithm>

#include "base/batches.h"
#include "base/limits.h"
#include "ops/control/state.h"

namespace narrow {
namespace {

constexpr int64_t kCacheBytes = 512 << 10;
constexpr int64_t kMostSamples = 64;

Status run_batch(const Samples& data, int64_t first, int count, Runner& runner, const RunVisitor& visitor) {
  NARROW_CHECK(read_inputs(data, first, count, runner));
  Status seen;
  Observer observe;
  if (visitor.tensor)
    observe = [&](TensorRef tensor, const std::byte* values, int from, int n) {
      if (seen) seen = visitor.tensor(tensor, values, first + from, n);
    };
  NARROW_CHECK(runner.run(count, observe));
  if (!seen) return seen;
  return visitor.batch ? visitor.batch(runner, first, count) : Status();
}

}  // namespace

int cached_batch(const Graph& graph) {
  int64_t const arena = std::max<int64_t>(plan_memory(graph, false).bytes, 1);
  int64_t const room = std::min(kCacheBytes, limits_in_force().arena_bytes);
  return static_cast<int>(std::clamp<int64_t>(room / arena, 1, kMostSamples));
}

int64_t sequence_length(const Model& model, int entry, int64_t sequence, int64_t samples) {
  if (!keeps_state(model, entry)) return 0;
  return std::max<int64_t>(1, sequence > 0 ? std::min(sequence, samples) : samples);
}

Status read_inputs(const Samples& data, int64_t first, int count, Runner& runner) {
  for (size_t i = 0; i < runner.program().graph().inputs.size(); ++i)
    NARROW_CHECK(data.read(first, count, i, runner.input(i)));
  return {};
}

Status run_samples(const std::shared_ptr<const Model>& model, const Samples& data, const RunOptions& options,
                   const RunVisitor& visitor) {
  Batches batches{.samples = options.samples, .threads = options.threads, .progress = options.progress};
  batches.sequence = sequence_length(*model, options.entry, options.sequence, options.samples);
  if (batches.sequence == 0) batches.batch = cached_batch(model->graphs[static_cast<size_t>(options.entry)]);
  LowerContext const context{*options.profile, batches.batch, options.reference};
  std::vector<Runner> runners;
  for (int i = 0; i < batches.workers(); ++i) {
    NARROW_TRY(Program program, lower(model, context, options.entry));
    runners.emplace_back(std::move(program));
  }
  return for_each_batch(batches, [&](int worker, int64_t first, int count) {
    Runner& runner = runners[static_cast<size_t>(worker)];
    if (batches.begins(first)) runner.restart();
    return run_batch(data, first, count, runner, visitor);
  });
}

}  // namespace narrow
