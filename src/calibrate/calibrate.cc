#include "calibrate/calibrate.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "base/threads.h"
#include "calibrate/observe.h"
#include "graph/fingerprint.h"
#include "ops/check/validate.h"
#include "program/runner.h"

namespace narrow {
namespace {

constexpr int64_t kCacheBytes = 512 << 10;  // activations of a batch stay in the second-level cache
constexpr int64_t kMaxBatch = 64;

/// The graphs that graph `entry` runs, itself included, rising.
std::vector<int> reached_graphs(const Model& model, int entry) {
  std::vector<bool> reached(model.graphs.size(), false);
  std::vector<int> open{entry};
  while (!open.empty()) {
    auto const g = static_cast<size_t>(open.back());
    open.pop_back();
    if (reached[g]) continue;
    reached[g] = true;
    for (const Op& op : model.graphs[g].ops) open.insert(open.end(), op.graphs.begin(), op.graphs.end());
  }
  std::vector<int> out;
  for (size_t g = 0; g < reached.size(); ++g)
    if (reached[g]) out.push_back(static_cast<int>(g));
  return out;
}

/// Tensors to observe, rising: float32, given to the graph or computed by it.
std::vector<int> observed_tensors(const Graph& graph) {
  std::vector<int> out = graph.inputs;
  for (const Op& op : graph.ops) out.insert(out.end(), op.outputs.begin(), op.outputs.end());
  std::vector<bool> const missing = uncomputable_tensors(graph);
  std::erase_if(out, [&](int t) {
    return t == kNoTensor || missing[static_cast<size_t>(t)] || graph.tensor(t).constant ||
           graph.tensor(t).dtype != DType::float32;
  });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Statistics empty_statistics(const Model& model, int entry, const StatisticsKind& kind) {
  Statistics s;
  s.kind = kind;
  for (int g : reached_graphs(model, entry)) {
    const Graph& graph = model.graphs[static_cast<size_t>(g)];
    for (int t : observed_tensors(graph)) {
      s.tensors.emplace_back();
      s.tensors.back().tensor = {g, t};
      s.tensors.back().name = graph.tensor(t).name;
    }
  }
  return s;
}

std::string place_of(const Model& model, TensorRef t) {
  const Graph& graph = model.graphs[static_cast<size_t>(t.graph)];
  int const op = producers(graph)[static_cast<size_t>(t.tensor)];
  std::string const source = op < 0 ? "an input" : op_label(graph, static_cast<size_t>(op));
  std::string const place = t.graph == 0 ? "" : " of graph " + std::to_string(t.graph);
  return tensor_label(graph, t.tensor) + " (" + source + ")" + place;
}

/// Runs batches on one thread and keeps what it saw.
class Worker {
 public:
  Worker(Program program, const Samples& data, const Statistics& empty)
      : runner_(std::move(program)), data_(data), kind_(empty.kind) {
    for (const Graph& graph : runner_.program().model->graphs) slots_.emplace_back(graph.tensors.size(), -1);
    for (const TensorStatistics& t : empty.tensors) {
      slot(t.tensor) = static_cast<int>(observers_.size());
      observers_.emplace_back(t, kind_);
    }
  }

  Status run(std::span<const int64_t> numbers) {
    for (size_t input = 0; input < runner_.program().graph().inputs.size(); ++input) NARROW_CHECK(read(numbers, input));
    bad_.reset();
    NARROW_CHECK(
        runner_.run(static_cast<int>(numbers.size()), [&](TensorRef t, const std::byte* values, int first, int count) {
          observe(t, values, numbers.subspan(static_cast<size_t>(first), static_cast<size_t>(count)));
        }));
    if (bad_) return fail(ErrorKind::bad_data, bad_->what(*runner_.program().model), {}, kRemedy);
    for (int64_t n : numbers) seen_.insert(n);
    return {};
  }

  /// Moves what has been seen since the last call into `all`.
  Status drain(Statistics& all) {
    Statistics part;
    part.kind = kind_;
    part.samples = std::exchange(seen_, {});
    for (TensorObserver& o : observers_) part.tensors.push_back(o.take(part.samples));
    NARROW_TRY(all, merge(std::move(all), part));
    return {};
  }

 private:
  static constexpr const char* kRemedy = "look at that sample, or leave such values out (`on_nan=skip`)";

  struct Bad {
    TensorRef tensor;
    float value;
    int64_t sample;

    std::string what(const Model& model) const {
      std::string const kind = value != value ? "NaN" : value > 0 ? "+Inf" : "-Inf";
      return kind + " in " + place_of(model, tensor) + " at sample " + std::to_string(sample);
    }
  };

  Status read(std::span<const int64_t> numbers, size_t input) {
    const Tensor& t = runner_.program().graph().tensor(runner_.program().graph().inputs[input]);
    auto const bytes = static_cast<size_t>(storage_bytes(t.dtype, t.elements()).value_or(0));
    for (size_t i = 0; i < numbers.size();) {
      size_t n = 1;
      while (i + n < numbers.size() && numbers[i + n] == numbers[i] + static_cast<int64_t>(n)) ++n;
      NARROW_CHECK(data_.read(numbers[i], static_cast<int>(n), input, runner_.input(input) + i * bytes));
      i += n;
    }
    return {};
  }

  int& slot(TensorRef t) { return slots_[static_cast<size_t>(t.graph)][static_cast<size_t>(t.tensor)]; }

  void observe(TensorRef t, const std::byte* values, std::span<const int64_t> numbers) {
    if (slot(t) < 0) return;
    const Graph& graph = runner_.program().model->graphs[static_cast<size_t>(t.graph)];
    auto const each = static_cast<size_t>(graph.tensor(t.tensor).elements());
    TensorObserver& observer = observers_[static_cast<size_t>(slot(t))];
    auto const found = observer.add(reinterpret_cast<const float*>(values), each, numbers, tally_);
    if (!found) return;
    int64_t const sample = numbers[found->sample];
    if (!bad_ || sample < bad_->sample) bad_ = Bad{t, found->value, sample};
  }

  Runner runner_;
  const Samples& data_;
  StatisticsKind kind_;
  std::vector<std::vector<int>> slots_;  // by graph: observer of each tensor, or -1
  std::vector<TensorObserver> observers_;
  Tally tally_;
  SampleSet seen_;
  std::optional<Bad> bad_;  // of the batch being run: the first sample's first tensor
};

/// The samples of one run, handed out in rising order, a batch at a time, to whoever asks.
class Queue {
 public:
  Queue(const CalibrateOptions& options, int64_t samples, const SampleSet& seen, int64_t batch)
      : options_(options), samples_(samples), seen_(seen), batch_(batch), next_(options.shard), limit_(0) {}

  int64_t size() const {
    int64_t n = 0;
    for (int64_t k = options_.shard; k < samples_; k += options_.shards) n += seen_.contains(k) ? 0 : 1;
    return n;
  }
  /// Lets no more than `count` further samples out.
  void open(int64_t count) { limit_ = count; }

  void take(std::vector<int64_t>& numbers) {
    std::lock_guard const lock(mutex_);
    numbers.clear();
    for (; next_ < samples_ && limit_ > 0 && static_cast<int64_t>(numbers.size()) < batch_; next_ += options_.shards) {
      if (seen_.contains(next_)) continue;
      numbers.push_back(next_);
      --limit_;
    }
  }

 private:
  const CalibrateOptions& options_;
  int64_t samples_;
  SampleSet seen_;  // before this run
  int64_t batch_;
  int64_t next_;
  int64_t limit_;
  std::mutex mutex_;
};

/// What all workers share while they run.
struct Crew {
  Crew(Queue& from, Progress& count, const std::atomic<bool>* stop_soon)
      : queue(from), progress(count), cancel(stop_soon) {}

  Queue& queue;
  Progress& progress;
  const std::atomic<bool>* cancel;
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::optional<Error> error;  // of the first sample that failed
  int64_t failed = 0;

  bool cancelled() const { return cancel && cancel->load(std::memory_order_relaxed); }

  /// Batches are handed out in rising order and every one taken is finished, so the first failure is always found.
  void work(Worker& worker) {
    std::vector<int64_t> numbers;
    while (!stop.load(std::memory_order_relaxed) && !cancelled()) {
      queue.take(numbers);
      if (numbers.empty()) return;
      if (Status done = worker.run(numbers); !done) report(numbers.front(), std::move(done).error());
      progress.done.fetch_add(static_cast<int64_t>(numbers.size()), std::memory_order_relaxed);
    }
  }

  void report(int64_t sample, Error problem) {
    std::lock_guard const lock(mutex);
    if (!error || sample < failed) {
      error = std::move(problem);
      failed = sample;
    }
    stop = true;
  }
};

void run_all(Crew& crew, std::vector<std::unique_ptr<Worker>>& workers) {
  run_on_threads(static_cast<int>(workers.size()),
                 [&](int worker) { crew.work(*workers[static_cast<size_t>(worker)]); });
}

Status check_options(const Samples& data, const CalibrateOptions& o) {
  if (o.shards < 1 || o.shard < 0 || o.shard >= o.shards)
    return refuse("shard", "there is no shard " + std::to_string(o.shard) + " of " + std::to_string(o.shards),
                  "shards are numbered from 0");
  if (o.samples == 0 || o.samples < -1 || o.samples > data.size())
    return refuse("samples", std::to_string(o.samples) + " samples are asked for, the data set holds " +
                                 std::to_string(data.size()));
  return {};
}

int thread_count(const CalibrateOptions& o) {
  return o.threads > 0 ? o.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

StatisticsKind statistics_kind(const Model& model, const Samples& data, const CalibrateOptions& options) {
  return {fingerprint(model, options.attributes), data.fingerprint(), options.histograms, options.per_sample,
          options.skip_nonfinite};
}

Result<Statistics> calibrate(const std::shared_ptr<const Model>& model, const Samples& data,
                             const CalibrateOptions& options) {
  NARROW_CHECK(check_options(data, options));
  Statistics const empty = empty_statistics(*model, options.entry, statistics_kind(*model, data, options));
  if (empty.tensors.empty())
    return fail(ErrorKind::unsupported, "the model has no float activations to calibrate", model->source);
  Statistics all = empty;
  if (options.resume) {
    NARROW_TRY(all, merge(std::move(all), *options.resume));
  }

  int64_t const samples = options.samples < 0 ? data.size() : options.samples;
  int64_t const arena =
      std::max<int64_t>(1, plan_memory(model->graphs[static_cast<size_t>(options.entry)], false).bytes);
  int64_t const threads = thread_count(options);
  int64_t const share = (samples / options.shards + threads - 1) / threads;
  int64_t const batch = std::clamp<int64_t>(kCacheBytes / arena, 1, std::clamp<int64_t>(share, 1, kMaxBatch));
  Queue queue(options, samples, all.samples, batch);
  int64_t const left = queue.size();

  std::vector<std::unique_ptr<Worker>> workers;
  for (int64_t i = 0; i < std::clamp<int64_t>((left + batch - 1) / batch, 1, threads); ++i) {
    LowerContext const context{
        .profile = all_profiles().front(), .max_batch = static_cast<int>(batch), .leaves_out = true};
    NARROW_TRY(Program program, lower(model, context, options.entry));
    workers.push_back(std::make_unique<Worker>(std::move(program), data, empty));
  }

  Progress unseen;
  Crew crew(queue, options.progress ? *options.progress : unseen, options.cancel);
  crew.progress.done = 0;
  crew.progress.total = left;
  while (crew.progress.done < left && !crew.cancelled()) {
    queue.open(options.checkpoint_every > 0 ? options.checkpoint_every : left);
    run_all(crew, workers);
    if (crew.error) return tl::unexpected(std::move(*crew.error));
    for (auto& worker : workers) NARROW_CHECK(worker->drain(all));
    if (options.checkpoint_every > 0 && options.checkpoint) NARROW_CHECK(options.checkpoint(all));
  }
  if (crew.progress.done < left)
    return fail(ErrorKind::cancelled,
                "stopped after " + std::to_string(crew.progress.done) + " of " + std::to_string(left) + " samples");
  return all;
}

}  // namespace narrow
