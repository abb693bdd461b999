// evaluate of the public interface.
#include "program/evaluate.h"

#include "api/data.h"
#include "api/data_warnings.h"
#include "api/given.h"
#include "api/sized_for_data.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "graph/entry.h"
#include "ops/control/state.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

Result<Candidate> candidate(const ModelPtr& given, const EvaluateRequest& request) {
  Candidate out;
  NARROW_TRY(out.entry, entry_graph(*given, request.signature));
  NARROW_TRY(ModelPtr const model, sized_for(given, request.data, out.entry));
  NARROW_TRY(Model folded, fold_constants(*model));
  out.model = std::make_shared<const Model>(std::move(folded));
  auto samples = open_data(*out.model, request.data, out.entry);
  if (!samples) return pass(std::move(samples), "for " + model->source);
  out.data = std::move(*samples);
  return out;
}

Result<std::vector<Evaluation>> carry_out(std::span<const ModelPtr> models, const EvaluateRequest& request) {
  if (models.empty()) return refuse("models", "there are no `models` to evaluate");
  if (request.per_op && !request.reference) return refuse("per_op", "`per_op` needs `reference`");
  std::vector<Candidate> candidates;
  for (const ModelPtr& model : models) {
    NARROW_CHECK(check_given(model, "models"));
    NARROW_TRY(Candidate c, candidate(model, request));
    candidates.push_back(std::move(c));
  }
  EvaluateOptions how;
  how.profile = find_profile(to_string(request.profile));
  how.threads = thread_count(request.threads);
  how.per_op = request.per_op;
  how.progress = request.progress;
  if (request.reference) {
    NARROW_TRY(how.reference, candidate(request.reference, request));
  }
  NARROW_TRY(how.samples, sample_count(request.data, *candidates.front().data));
  NARROW_TRY(how.labels, open_labels(request.labels, *candidates.front().data, how.samples));
  bool state = how.reference && keeps_state(*how.reference->model, how.reference->entry);
  for (const Candidate& c : candidates) state |= keeps_state(*c.model, c.entry);
  NARROW_TRY(how.sequence, sequence_samples(request.data, state));
  NARROW_TRY(auto out, evaluate(candidates, how));
  for (size_t i = 0; i < out.size(); ++i) {
    NARROW_TRY(out[i].warnings, data_warnings(*candidates[i].model, candidates[i].entry, request.data));
  }
  return out;
}

}  // namespace

Result<std::vector<Evaluation>> evaluate(std::span<const ModelPtr> models, const EvaluateRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&] { return carry_out(models, request); });
}

}  // namespace narrow
