#include "program/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>

#include "base/batches.h"
#include "graph/real_values.h"
#include "program/run_samples.h"

namespace narrow {
namespace {

using Clock = std::chrono::steady_clock;

/// A tensor of the reference and the tensor of a candidate that stands for the same values.
struct Pair {
  int reference = 0;
  int candidate = 0;
  std::string op;  // what computes it in the candidate; empty for outputs
};

/// What one batch gave; added up in order of batches, so that sums do not depend on threads.
struct Counts {
  std::vector<SampleOutcome> samples;
  std::vector<ErrorSums> ops;                 // by pair
  std::vector<std::vector<ErrorSums>> parts;  // by pair and part of the last axis
};

constexpr int64_t kMostParts = 16;
constexpr size_t kMostClasses = 1000;  // of a confusion matrix

/// The parts of a tensor's last axis whose errors are told apart: part p begins at channel p * channels / parts.
struct Parts {
  int64_t channels = 1;
  int64_t parts = 1;

  explicit Parts(const Tensor& t)
      : channels(t.shape.rank() > 0 ? std::max<int64_t>(t.shape.back(), 1) : 1),
        parts(std::min(channels, kMostParts)) {}
  int64_t begin(int64_t part) const { return part * channels / parts; }
};

int largest(std::span<const float> values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// Whether fewer than five values are larger than the one at `label`, or equal and before it.
bool among_five_largest(std::span<const float> values, int64_t label) {
  auto const at = static_cast<size_t>(label);
  int before = 0;
  for (size_t i = 0; i < values.size(); ++i) before += values[i] > values[at] || (values[i] == values[at] && i < at);
  return before < 5;
}

/// Adds the errors of each part of the last axis, row by row.
void compare_parts(const Parts& split, std::span<const float> f, std::span<const float> q,
                   std::vector<ErrorSums>& sums) {
  sums.resize(static_cast<size_t>(split.parts));
  auto const channels = static_cast<size_t>(split.channels);
  for (size_t row = 0; row + channels <= f.size(); row += channels)
    for (int64_t p = 0; p < split.parts; ++p) {
      auto const first = static_cast<size_t>(split.begin(p)), size = static_cast<size_t>(split.begin(p + 1)) - first;
      sums[static_cast<size_t>(p)].add(error_sums(f.subspan(row + first, size), q.subspan(row + first, size)));
    }
}

/// The part with the lowest SQNR; nothing where there is one part or none has an error. Parts without a signal do not
/// count.
std::optional<ChannelError> worst_of(const Parts& split, std::span<const ErrorSums> sums) {
  std::optional<ChannelError> worst;
  for (int64_t p = 0; split.parts > 1 && p < static_cast<int64_t>(sums.size()); ++p) {
    const ErrorSums& e = sums[static_cast<size_t>(p)];
    if (!(e.noise > 0) || !(e.signal > 0)) continue;
    if (!worst || e.sqnr_db() < worst->error.sqnr_db()) worst = {split.begin(p), split.begin(p + 1) - 1, e};
  }
  return worst;
}

/// Real values of tensors of the graph that is run, kept for one batch.
class Kept {
 public:
  /// Of the samples [first, first + count) of the batch, which come in rising order.
  void put(const Graph& graph, int tensor, const std::byte* values, int first, int count) {
    auto& out = values_[tensor];
    auto const each = static_cast<size_t>(graph.tensor(tensor).elements());
    out.resize(each * static_cast<size_t>(first + count));
    real_values(graph.tensor(tensor), values, std::span(out).subspan(each * static_cast<size_t>(first)));
  }
  std::span<const float> at(int tensor) const { return values_.at(tensor); }

 private:
  std::map<int, std::vector<float>> values_;
};

bool is_number(const Tensor& t) {
  return t.dtype != DType::resource;
}

/// Computed tensors of both graphs that have the same name and size.
std::vector<Pair> same_names(const Graph& reference, const Graph& candidate) {
  std::map<std::string, int> by_name;
  for (const Op& op : reference.ops)
    for (int t : op.outputs)
      if (t != kNoTensor && is_number(reference.tensor(t))) by_name.emplace(reference.tensor(t).name, t);
  std::vector<Pair> pairs;
  for (const Op& op : candidate.ops)
    for (int t : op.outputs) {
      if (t == kNoTensor) continue;
      auto const same = by_name.find(candidate.tensor(t).name);
      if (same == by_name.end() || reference.tensor(same->second).elements() != candidate.tensor(t).elements())
        continue;
      pairs.push_back({same->second, t, op.type});
    }
  return pairs;
}

Status check_outputs(const Graph& reference, const Graph& candidate) {
  bool same = reference.outputs.size() == candidate.outputs.size();
  for (size_t i = 0; same && i < reference.outputs.size(); ++i)
    same = reference.tensor(reference.outputs[i]).elements() == candidate.tensor(candidate.outputs[i]).elements();
  if (same) return {};
  return fail(ErrorKind::bad_data, "its outputs are not those of the reference in number and size");
}

/// One thread's runners, and what it has seen.
class Worker {
 public:
  static Result<Worker> create(std::span<const Candidate> candidates, const EvaluateOptions& options, int batch) {
    Worker w(candidates, options);
    LowerContext const context{*options.profile, batch, false};
    for (const Candidate& c : candidates) {
      auto program = lower(c.model, context, c.entry);
      if (!program) return pass(std::move(program), c.model->source);
      w.runners_.emplace_back(std::move(*program));
      w.pairs_.push_back(options.per_op && options.reference ? same_names(options.reference->graph(), c.graph())
                                                             : std::vector<Pair>{});
    }
    if (options.reference) {
      // Profiles are about integers; the reference is float.
      auto program =
          lower(options.reference->model, LowerContext{all_profiles().front(), batch, false}, options.reference->entry);
      if (!program) return pass(std::move(program), options.reference->model->source);
      w.reference_.emplace(std::move(*program));
      for (const auto& pairs : w.pairs_)
        for (const Pair& p : pairs) w.wanted_.push_back(p.reference);
    }
    w.seconds_.resize(candidates.size());
    return w;
  }

  /// The next batch is the first of a sequence.
  void restart() {
    if (reference_) reference_->restart();
    for (Runner& r : runners_) r.restart();
  }

  /// Fills one entry of `counts` for each candidate.
  Status run(int64_t first, int count, std::vector<Counts>& counts) {
    if (reference_) NARROW_CHECK(run_reference(first, count));
    for (size_t i = 0; i < candidates_.size(); ++i) {
      auto const start = Clock::now();
      NARROW_CHECK(run_candidate(i, first, count, counts[i]));
      seconds_[i] += std::chrono::duration<double>(Clock::now() - start).count();
      look_at_outputs(i, first, count, counts[i]);
    }
    return {};
  }

  double seconds(size_t candidate) const { return seconds_[candidate]; }
  const std::vector<Pair>& pairs(size_t candidate) const { return pairs_[candidate]; }

 private:
  Worker(std::span<const Candidate> candidates, const EvaluateOptions& options)
      : candidates_(candidates), options_(&options) {}

  Status run_reference(int64_t first, int count) {
    NARROW_CHECK(read_inputs(*options_->reference->data, first, count, *reference_));
    const Graph& graph = reference_->program().graph();
    Observer keep;
    if (!wanted_.empty())
      keep = [&](TensorRef t, const std::byte* values, int from, int n) {
        bool const wanted = t.graph == options_->reference->entry &&
                            std::find(wanted_.begin(), wanted_.end(), t.tensor) != wanted_.end();
        if (wanted) kept_.put(graph, t.tensor, values, from, n);
      };
    NARROW_CHECK(reference_->run(count, keep));
    expected_.resize(graph.outputs.size());
    for (size_t o = 0; o < graph.outputs.size(); ++o) expected_[o] = output_values(*reference_, o, count);
    return {};
  }

  Status run_candidate(size_t i, int64_t first, int count, Counts& counts) {
    Runner& runner = runners_[i];
    NARROW_CHECK(read_inputs(*candidates_[i].data, first, count, runner));
    const std::vector<Pair>& pairs = pairs_[i];
    counts.ops.assign(pairs.size(), {});
    counts.parts.assign(pairs.size(), {});
    Observer observe;
    if (!pairs.empty())
      observe = [&](TensorRef t, const std::byte* values, int from, int n) {
        if (t.graph != candidates_[i].entry) return;
        auto const pair =
            std::find_if(pairs.begin(), pairs.end(), [&](const Pair& p) { return p.candidate == t.tensor; });
        if (pair == pairs.end()) return;
        const Tensor& tensor = runner.program().graph().tensor(t.tensor);
        auto const each = static_cast<size_t>(tensor.elements());
        std::vector<float> q(each * static_cast<size_t>(n));
        real_values(tensor, values, q);
        auto const f = kept_.at(pair->reference).subspan(each * static_cast<size_t>(from), q.size());
        auto const at = static_cast<size_t>(pair - pairs.begin());
        counts.ops[at].add(error_sums(f, q));
        compare_parts(Parts(tensor), f, q, counts.parts[at]);
      };
    return runner.run(count, observe);
  }

  void look_at_outputs(size_t i, int64_t first, int count, Counts& counts) {
    const Runner& runner = runners_[i];
    counts.samples.assign(static_cast<size_t>(count), {});
    for (size_t o = 0; o < runner.program().graph().outputs.size(); ++o) {
      std::vector<float> const values = output_values(runner, o, count);
      size_t const each = values.size() / static_cast<size_t>(count);
      for (size_t k = 0; reference_ && k < counts.samples.size(); ++k)
        counts.samples[k].error.add(error_sums(std::span(expected_[o]).subspan(k * each, each),
                                               std::span<const float>(values).subspan(k * each, each)));
      if (o > 0) continue;
      for (size_t k = 0; k < static_cast<size_t>(count); ++k) {
        int const guess = largest(std::span(values).subspan(k * each, each));
        std::optional<int> expected;
        if (reference_) expected = largest(std::span(expected_[0]).subspan(k * each, each));
        counts.samples[k].agreed = guess == expected;
        counts.samples[k].guess = guess;
        if (options_->labels.empty()) continue;
        int64_t const label = options_->labels[static_cast<size_t>(first) + k];
        counts.samples[k].reference_right = expected == label;
        counts.samples[k].right = guess == label;
        counts.samples[k].near = among_five_largest(std::span(values).subspan(k * each, each), label);
      }
    }
  }

  static std::vector<float> output_values(const Runner& runner, size_t o, int count) {
    const Tensor& t = runner.program().graph().tensor(runner.program().graph().outputs[o]);
    std::vector<float> out(static_cast<size_t>(t.elements()) * static_cast<size_t>(count));
    real_values(t, runner.output(o), out);
    return out;
  }

  std::span<const Candidate> candidates_;
  const EvaluateOptions* options_;
  std::vector<Runner> runners_;
  std::optional<Runner> reference_;
  std::vector<std::vector<Pair>> pairs_;      // by candidate
  std::vector<int> wanted_;                   // tensors of the reference to keep
  Kept kept_;                                 // their values in this batch
  std::vector<std::vector<float>> expected_;  // outputs of the reference in this batch
  std::vector<double> seconds_;
};

/// All models run over the same batches: in sequences where any of them keeps state.
Batches batches_of(std::span<const Candidate> candidates, const EvaluateOptions& options) {
  std::vector<const Candidate*> all;
  if (options.reference) all.push_back(&*options.reference);
  for (const Candidate& c : candidates) all.push_back(&c);
  Batches out{.samples = options.samples, .batch = 64, .threads = options.threads, .progress = options.progress};
  for (const Candidate* c : all) {
    out.batch = std::min(out.batch, cached_batch(c->graph()));
    out.sequence = std::max(out.sequence, sequence_length(*c->model, c->entry, options.sequence, options.samples));
  }
  if (out.sequence > 0) out.batch = 1;
  return out;
}

std::vector<std::vector<int64_t>> confusion_of(const std::vector<SampleOutcome>& samples,
                                               const std::vector<int64_t>& labels, size_t classes) {
  std::vector<std::vector<int64_t>> out(classes, std::vector<int64_t>(classes, 0));
  for (size_t k = 0; k < samples.size(); ++k)
    ++out[static_cast<size_t>(labels[k])][static_cast<size_t>(samples[k].guess)];
  return out;
}

Evaluation sum_up(const Candidate& candidate, size_t i, const std::vector<std::vector<Counts>>& counts,
                  const std::vector<Worker>& workers, const EvaluateOptions& options) {
  Evaluation out;
  out.samples = options.samples;
  const Graph& graph = candidate.graph();
  const std::vector<Pair>& pairs = workers[0].pairs(i);
  std::vector<std::vector<ErrorSums>> parts(pairs.size());
  for (const Pair& p : pairs) out.ops.push_back({graph.tensor(p.candidate).name, p.op, {}});
  int64_t right = 0, near = 0, agreed = 0, reference_right = 0;
  ErrorSums error;
  std::vector<double> decibels;
  for (const auto& batch : counts) {
    for (const SampleOutcome& sample : batch[i].samples) {
      right += sample.right;
      near += sample.near;
      agreed += sample.agreed;
      reference_right += sample.reference_right;
      error.add(sample.error);
      decibels.push_back(sample.error.noise > 0 ? sample.error.sqnr_db() : std::numeric_limits<double>::infinity());
      out.each.push_back(sample);
    }
    for (size_t k = 0; k < pairs.size(); ++k) {
      out.ops[k].error.add(batch[i].ops[k]);
      parts[k].resize(batch[i].parts[k].size());
      for (size_t p = 0; p < parts[k].size(); ++p) parts[k][p].add(batch[i].parts[k][p]);
    }
  }
  for (size_t k = 0; k < pairs.size(); ++k)
    out.ops[k].worst = worst_of(Parts(graph.tensor(pairs[k].candidate)), parts[k]);
  auto const n = static_cast<double>(std::max<int64_t>(options.samples, 1));
  bool const classes = !graph.outputs.empty() && graph.tensor(graph.outputs[0]).elements() > 1;
  if (classes && !options.labels.empty()) {
    out.top1 = static_cast<double>(right) / n;
    if (options.reference) out.reference_top1 = static_cast<double>(reference_right) / n;
    auto const count = static_cast<size_t>(graph.tensor(graph.outputs[0]).elements());
    if (count > 5) out.top5 = static_cast<double>(near) / n;
    if (count <= kMostClasses) out.confusion = confusion_of(out.each, options.labels, count);
  }
  if (classes && options.reference) out.agreement = static_cast<double>(agreed) / n;
  if (options.reference) {
    out.error = error;
    auto const middle = decibels.begin() + std::ssize(decibels) / 2;
    std::nth_element(decibels.begin(), middle, decibels.end());
    if (!decibels.empty()) out.median_db = *middle;
  }
  for (const Worker& w : workers) out.seconds += w.seconds(i) / static_cast<double>(workers.size());
  return out;
}

}  // namespace

Status check_labels(const Graph& graph, std::span<const int64_t> labels, int64_t samples) {
  if (labels.empty()) return {};
  if (static_cast<int64_t>(labels.size()) < samples)
    return fail(ErrorKind::bad_data,
                std::to_string(labels.size()) + " labels for " + std::to_string(samples) + " samples");
  int64_t const classes = graph.outputs.empty() ? 0 : graph.tensor(graph.outputs[0]).elements();
  for (int64_t i = 0; i < samples; ++i) {
    int64_t const label = labels[static_cast<size_t>(i)];
    if (label < 0 || label >= classes)
      return fail(ErrorKind::bad_data, "the label of sample " + std::to_string(i) + " is " + std::to_string(label) +
                                           "; the model tells " + std::to_string(classes) + " classes apart");
  }
  return {};
}

ErrorSums error_sums(std::span<const float> f, std::span<const float> q) {
  ErrorSums sums;
  sums.values = static_cast<int64_t>(f.size());
  for (size_t i = 0; i < f.size(); ++i) {
    auto const real = static_cast<double>(f[i]);
    double const off = real - static_cast<double>(q[i]);
    sums.signal += real * real;
    sums.noise += off * off;
  }
  return sums;
}

double ErrorSums::sqnr_db() const {
  return 10 * std::log10(signal / noise);
}

Result<std::vector<Evaluation>> evaluate(std::span<const Candidate> candidates, const EvaluateOptions& options) {
  for (const Candidate& c : candidates) {
    const Graph& graph = c.graph();
    Status fits = check_labels(graph, options.labels, options.samples);
    if (fits && options.reference) fits = check_outputs(options.reference->graph(), graph);
    if (!fits) return pass(std::move(fits), c.model->source);
  }
  Batches const batches = batches_of(candidates, options);
  std::vector<Worker> workers;
  for (int i = 0; i < batches.workers(); ++i) {
    NARROW_TRY(Worker w, Worker::create(candidates, options, batches.batch));
    workers.push_back(std::move(w));
  }
  auto const steps = static_cast<size_t>((options.samples + batches.batch - 1) / batches.batch);
  std::vector<std::vector<Counts>> counts(steps, std::vector<Counts>(candidates.size()));
  NARROW_CHECK(for_each_batch(batches, [&](int worker, int64_t first, int count) {
    Worker& w = workers[static_cast<size_t>(worker)];
    if (batches.begins(first)) w.restart();
    return w.run(first, count, counts[static_cast<size_t>(first / batches.batch)]);
  }));
  std::vector<Evaluation> out;
  for (size_t i = 0; i < candidates.size(); ++i) out.push_back(sum_up(candidates[i], i, counts, workers, options));
  return out;
}

}  // namespace narrow
