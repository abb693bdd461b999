// evaluate of the public interface.
#include "program/evaluate.h"

#include "api/data.h"
#include "api/data_warnings.h"
#include "api/given.h"
#include "api/sample_slice.h"
#include "api/sized_for_data.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "ops/control/state.h"
#include "program/run_samples.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

constexpr int64_t kMostShards = int64_t{1} << 31;

Result<Candidate> candidate(const ModelPtr& given, const DataSource& data, const std::string& signature) {
  Candidate out;
  NARROW_TRY(out.entry, entry_graph(*given, signature));
  NARROW_TRY(ModelPtr const model, sized_for(given, data, out.entry));
  NARROW_TRY(Model folded, fold_constants(*model));
  out.model = std::make_shared<const Model>(std::move(folded));
  auto samples = open_data(*out.model, data, out.entry);
  if (!samples) return pass(std::move(samples), "for " + model->source);
  out.data = std::move(*samples);
  return out;
}

/// Leaves the samples of the request's shard in `candidates` and `how`; the number of the first of them. Arrays that
/// hold no more than the shard stay as they are.
Result<int64_t> take_shard(const EvaluateRequest& request, std::vector<Candidate>& candidates, EvaluateOptions& how) {
  if (request.shards < 1 || request.shards > kMostShards || request.shard < 0 || request.shard >= request.shards)
    return refuse("shard",
                  "there is no shard " + std::to_string(request.shard) + " of " + std::to_string(request.shards),
                  "shards are numbered from 0");
  const auto& held = request.data.held;
  int64_t samples = how.samples;  // of all shards
  if (held) {
    if (held->shard != request.shard || held->shards != request.shards)
      return refuse("data.held", "`data.held` is of another shard than `shard`");
    NARROW_TRY(samples, sample_count(request.data, held->samples));
  }
  if (request.shards == 1) return 0;
  int64_t length = 0;  // of what stays together, where anything does
  for (const Candidate& c : candidates)
    length = std::max(length, sequence_length(*c.model, c.entry, how.sequence, samples));
  if (how.reference)
    length = std::max(length, sequence_length(*how.reference->model, how.reference->entry, how.sequence, samples));
  if (length >= samples)
    return refuse("shard", "the model keeps state and all samples are one sequence in time, which has no shards",
                  "leave `shard` out, or say with `sequence` after how many samples another sequence begins");
  length = std::max<int64_t>(length, 1);
  int64_t const sequences = (samples + length - 1) / length;
  int64_t const each = sequences / request.shards, rest = sequences % request.shards;
  auto const begin = [&](int64_t shard) {  // sequences * shard / shards, without the product
    return std::min((each * shard + rest * shard / request.shards) * length, samples);
  };
  int64_t const first = begin(request.shard), end = begin(request.shard + 1);
  if (held && how.samples != end - first)
    return refuse("data.held", "`data.held`: the arrays hold " + std::to_string(how.samples) + " samples, shard " +
                                   std::to_string(request.shard) + " of " + std::to_string(request.shards) + " has " +
                                   std::to_string(end - first));
  if (held) return first;
  for (const Candidate& c : candidates)  // here, since messages name samples of the whole data set
    if (Status fits = check_labels(c.graph(), how.labels, how.samples); !fits)
      return pass(std::move(fits), c.model->source);
  for (Candidate& c : candidates) c.data = std::make_shared<SampleSlice>(c.data, first, end);
  if (how.reference) how.reference->data = std::make_shared<SampleSlice>(how.reference->data, first, end);
  if (!how.labels.empty()) how.labels = {how.labels.begin() + first, how.labels.begin() + end};
  how.samples = end - first;
  return first;
}

Result<std::vector<Evaluation>> carry_out(std::span<const ModelPtr> models, const EvaluateRequest& request) {
  if (models.empty()) return refuse("models", "there are no `models` to evaluate");
  if (request.per_op && !request.reference) return refuse("per_op", "`per_op` needs `reference`");
  DataSource data = request.data;  // as it is there: of a shard, no more than that
  if (data.held) data.held.reset(), data.samples.reset();
  std::vector<Candidate> candidates;
  for (const ModelPtr& model : models) {
    NARROW_CHECK(check_given(model, "models"));
    NARROW_TRY(Candidate c, candidate(model, data, request.signature));
    candidates.push_back(std::move(c));
  }
  EvaluateOptions how;
  how.profile = find_profile(to_string(request.profile));
  how.threads = thread_count(request.threads);
  how.per_op = request.per_op;
  how.progress = request.progress;
  if (request.reference) {
    NARROW_TRY(how.reference, candidate(request.reference, data, request.signature));
  }
  NARROW_TRY(how.samples, sample_count(data, candidates.front().data->size()));
  NARROW_TRY(how.labels, open_labels(request.labels, *candidates.front().data, how.samples));
  bool state = how.reference && keeps_state(*how.reference->model, how.reference->entry);
  for (const Candidate& c : candidates) state |= keeps_state(*c.model, c.entry);
  NARROW_TRY(how.sequence, sequence_samples(request.data, state));
  NARROW_TRY(int64_t const first, take_shard(request, candidates, how));
  NARROW_TRY(auto out, evaluate(candidates, how));
  for (Evaluation& e : out) e.first = first;
  for (size_t i = 0; i < out.size(); ++i) {
    NARROW_TRY(out[i].warnings, data_warnings(*candidates[i].model, candidates[i].entry, data));
  }
  return out;
}

}  // namespace

Result<std::vector<Evaluation>> evaluate(std::span<const ModelPtr> models, const EvaluateRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&] { return carry_out(models, request); });
}

}  // namespace narrow
