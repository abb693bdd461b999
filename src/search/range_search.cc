#include "search/range_search.h"

#include <algorithm>
#include <optional>

#include "base/batches.h"
#include "base/cancel.h"
#include "ops/control/state.h"
#include "program/evaluate.h"
#include "program/run_samples.h"
#include "search/fake_quant_runner.h"
#include "search/subsample.h"

namespace narrow {
namespace {

constexpr size_t kTrialsAtOnce = 3;  // each group has at least so many trials
constexpr size_t kMostTrials = 8;    // after seven halvings little is left of an 8-bit range
constexpr size_t kMostInVain = 2;    // a group ends after so many trials in a row that are worse than the best

/// What trials of a batch start from: the float outputs, and the values before the group that is searched.
struct Start {
  std::vector<float> expected;
  Frontier frontier;
};

int64_t largest(std::span<const float> values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

double squared_difference(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    double const off = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += off * off;
  }
  return sum;
}

class Search {
 public:
  Search(std::shared_ptr<const Model> model, const Samples& data, const std::vector<RangeGroup>& groups,
         const RangeSearchOptions& options)
      : model_(std::move(model)),
        options_(options),
        data_(data, graph(), search_samples(options.samples), options.samples),
        liveness_(graph()),
        params_(graph().tensors.size()) {
    for (const RangeGroup& g : groups) {
      bool const searched = options.searched(g) && g.fixed_by.empty() && !g.tensors.empty();
      if (searched && widest_limit(g) > 0)
        out_.groups.push_back({g, {}, 0});
      else
        set(params_, g, g.params);
    }
  }

  Result<RangeSearch> run() && {
    NARROW_CHECK(prepare());
    NARROW_CHECK(run_float_model());
    for (SearchedGroup& g : out_.groups) NARROW_CHECK(search(g));
    return std::move(out_);
  }

 private:
  struct Worker {
    FakeQuantRunner runner;
    Start start;  // of a batch for which there is none in `kept_`
    std::vector<float> outputs;
  };

  const Graph& graph() const { return model_->graphs[static_cast<size_t>(options_.entry)]; }

  static void set(ParamsByTensor& by_tensor, const RangeGroup& group, const QuantParams& params) {
    for (int t : group.tensors) by_tensor[static_cast<size_t>(t)] = params;
  }
  size_t position(const RangeGroup& group) const { return liveness_.birth(group.tensors.front()); }

  Status prepare() {
    bool const variables = std::any_of(graph().tensors.begin(), graph().tensors.end(),
                                       [](const Tensor& t) { return t.variable || t.dtype == DType::resource; });
    if (variables || keeps_state(*model_, options_.entry))
      return fail(ErrorKind::unsupported, "ranges cannot be searched in a model that keeps state in variables",
                  model_->source, "choose another `range`");
    NARROW_CHECK(check_labels(graph(), options_.labels, options_.samples));
    out_.samples = data_.size();
    out_.labelled = !options_.labels.empty();
    for (int t : graph().outputs) out_.outputs += graph().tensor(t).elements();
    // A program whose ops run graphs takes one sample at a time; see Runner::run_steps.
    int const batch = runs_one_by_one(graph()) ? 1 : cached_batch(graph());
    batches_ = {data_.size(), batch, options_.threads, nullptr};
    for (int i = 0; i < batches_.workers(); ++i) {
      NARROW_TRY(Program program, lower(model_, LowerContext{all_profiles().front(), batch}, options_.entry));
      workers_.push_back({FakeQuantRunner(std::move(program), liveness_), {}, {}});
    }
    int64_t most = liveness_.bytes_after(0);
    for (const SearchedGroup& g : out_.groups) most = std::max(most, liveness_.bytes_after(position(g.group)));
    int64_t const each = std::max<int64_t>(1, most + out_.outputs * static_cast<int64_t>(sizeof(float)));
    int64_t const kept = std::min((data_.size() + batch - 1) / batch, options_.kept_bytes / each / batch);
    kept_.resize(static_cast<size_t>(kept));
    if (options_.progress) {
      options_.progress->done = 0;
      options_.progress->total = data_.size() * static_cast<int64_t>(out_.groups.size());
    }
    return {};
  }

  size_t index(int64_t first) const { return static_cast<size_t>(first / batches_.batch); }
  /// Where the start of a batch is kept: in `kept_`, or with the worker where there is no room.
  Start& start_of(Worker& w, int64_t first) { return index(first) < kept_.size() ? kept_[index(first)] : w.start; }

  Status run_float(Worker& w, int64_t first, int count, Start& start) {
    NARROW_CHECK(read_inputs(data_, first, count, w.runner.runner()));
    w.runner.save(0, count, start.frontier);
    NARROW_CHECK(w.runner.finish(0, count, ParamsByTensor(params_.size())));
    w.runner.outputs(count, start.expected);
    return {};
  }

  /// The start of a batch at position `to`, with the parameters that are chosen so far.
  Result<const Start*> start_at(Worker& w, int64_t first, int count, size_t to) {
    Start& start = start_of(w, first);
    if (&start == &w.start) NARROW_CHECK(run_float(w, first, count, start));
    if (start.frontier.position != to) {
      w.runner.load(start.frontier, count);
      NARROW_CHECK(w.runner.advance(start.frontier.position, to, count, params_));
      w.runner.save(to, count, start.frontier);
    }
    return &start;
  }

  /// Scores the outputs of the samples from `first` on, one for each of `scores`.
  void score(std::span<const float> outputs, std::span<const float> expected, int64_t first,
             std::span<SampleScore> scores) const {
    size_t i = 0;  // outputs come one after the other, each with all samples
    for (size_t o = 0; o < graph().outputs.size(); ++o) {
      auto const each = static_cast<size_t>(graph().tensor(graph().outputs[o]).elements());
      for (size_t k = 0; k < scores.size(); ++k, i += each) {
        scores[k].noise += squared_difference(outputs.subspan(i, each), expected.subspan(i, each));
        if (o > 0) continue;
        int64_t const guess = largest(outputs.subspan(i, each));
        scores[k].agreed = guess == largest(expected.subspan(i, each));
        if (out_.labelled)
          scores[k].right =
              guess == options_.labels[static_cast<size_t>(data_.source(first + static_cast<int64_t>(k)))];
      }
    }
  }

  std::span<SampleScore> part(SampleScores& scores, int64_t first, int count) const {
    return std::span(scores).subspan(static_cast<size_t>(first), static_cast<size_t>(count));
  }

  template <class F>  // work(worker, first, count) for each batch
  Status over_samples(F work) {
    return for_each_batch(batches_, [&](int worker, int64_t first, int count) -> Status {
      return work(workers_[static_cast<size_t>(worker)], first, count);
    });
  }

  Status run_float_model() {
    SampleScores scores(static_cast<size_t>(data_.size()));
    NARROW_CHECK(over_samples([&](Worker& w, int64_t first, int count) -> Status {
      Start& start = start_of(w, first);
      NARROW_CHECK(run_float(w, first, count, start));
      score(start.expected, start.expected, first, part(scores, first, count));
      return {};
    }));
    out_.plain = sum_of(scores);
    return {};
  }

  /// Runs all samples from `position` to the end, once with each of `maps`.
  Status run_trials(size_t position, std::span<const ParamsByTensor> maps, std::span<SampleScores> scores) {
    return over_samples([&](Worker& w, int64_t first, int count) -> Status {
      NARROW_TRY(const Start* const start, start_at(w, first, count, position));
      for (size_t i = 0; i < maps.size(); ++i) {
        w.runner.load(start->frontier, count);
        NARROW_CHECK(w.runner.finish(position, count, maps[i]));
        w.runner.outputs(count, w.outputs);
        score(w.outputs, start->expected, first, part(scores[i], first, count));
      }
      return {};
    });
  }

  /// How many of the last trials in a row have more noise than the least. Equal noise does not count: less may follow.
  static size_t in_vain(const std::vector<Trial>& trials) {
    if (trials.empty()) return 0;
    auto less = [](const Trial& a, const Trial& b) { return a.score.noise < b.score.noise; };
    double const least = std::min_element(trials.begin(), trials.end(), less)->score.noise;
    auto const last =
        std::find_if(trials.rbegin(), trials.rend(), [&](const Trial& t) { return t.score.noise <= least; });
    return static_cast<size_t>(last - trials.rbegin());
  }

  Status search(SearchedGroup& g) {
    NARROW_CHECK(check_cancelled());
    double limit = widest_limit(g.group);
    std::vector<SampleScores> scores;  // by trial
    for (size_t n = kTrialsAtOnce; g.trials.size() < kMostTrials && in_vain(g.trials) < kMostInVain; n = 1) {
      std::vector<ParamsByTensor> maps(n, params_);
      for (size_t i = 0; i < n; ++i) {
        Range const range = g.trials.empty() ? g.group.widest : g.group.limit(limit).range(g.group.widest);
        g.trials.push_back({limit, g.group.rule.params(range), {}});
        set(maps[i], g.group, g.trials.back().params);
        scores.emplace_back(static_cast<size_t>(data_.size()));
        limit /= 2;
      }
      NARROW_CHECK(run_trials(position(g.group), maps, std::span(scores).last(n)));
      for (size_t i = 0; i < scores.size(); ++i) g.trials[i].score = sum_of(scores[i]);
    }
    g.chosen = preferred(scores);
    set(params_, g.group, g.choice().params);
    if (options_.progress) options_.progress->done += data_.size();
    return {};
  }

  std::shared_ptr<const Model> model_;
  const RangeSearchOptions& options_;
  Subsample data_;
  Liveness liveness_;
  ParamsByTensor params_;  // chosen so far
  Batches batches_;
  std::vector<Worker> workers_;
  std::vector<Start> kept_;  // by batch
  RangeSearch out_;
};

}  // namespace

Result<RangeSearch> search_ranges(const std::shared_ptr<const Model>& model, const Samples& data,
                                  const std::vector<RangeGroup>& groups, const RangeSearchOptions& options) {
  return Search(model, data, groups, options).run();
}

}  // namespace narrow
