#include "calibrate/calibrate.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "base/cancel.h"
#include "base/digest.h"
#include "base/threads.h"
#include "calibrate/observe.h"
#include "graph/fingerprint.h"
#include "ops/check/validate.h"
#include "ops/control/state.h"
#include "program/run_samples.h"

namespace narrow {
namespace {

constexpr int64_t kCacheBytes = 512 << 10;  // activations of a batch stay in the second-level cache
constexpr int64_t kMaxBatch = 64;
constexpr size_t kLongSequence = 256;  // samples; shorter sequences are finished where the run is to stop

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

/// Tensors to observe, rising: float32, given to the graph or computed by it, inside of its ops too.
std::vector<int> observed_tensors(const Graph& graph) {
  std::vector<int> out = graph.inputs;
  for (const Op& op : graph.ops) {
    std::vector<int> const given = given_tensors({graph, op});
    out.insert(out.end(), given.begin(), given.end());
  }
  std::vector<bool> const missing = uncomputable_tensors(graph);
  std::erase_if(out, [&](int t) {
    return t == kNoTensor || missing[static_cast<size_t>(t)] || graph.tensor(t).constant ||
           graph.tensor(t).elements() == 0 || graph.tensor(t).dtype != DType::float32;
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
      : runner_(std::move(program)), data_(data), kind_(empty.kind), empty_(empty), aside_(empty) {
    for (const Graph& graph : runner_.program().model->graphs) slots_.emplace_back(graph.tensors.size(), -1);
    for (const TensorStatistics& t : empty.tensors) {
      slot(t.tensor) = static_cast<int>(observers_.size());
      observers_.emplace_back(t, kind_);
    }
  }

  /// Runs samples that have nothing to do with what has been run, in order: as many as the program takes, or a
  /// sequence. A long sequence that is interrupted leaves no trace.
  Status run(std::span<const int64_t> numbers, Progress& progress, const std::atomic<bool>* cancel) {
    runner_.restart();
    bool const may_stop = numbers.size() > kLongSequence;
    if (may_stop) NARROW_CHECK(set_aside());
    auto const most = static_cast<size_t>(runner_.program().max_batch);
    for (size_t i = 0; i < numbers.size(); i += most) {
      if (may_stop && cancel && cancel->load(std::memory_order_relaxed)) return forget();
      size_t const count = std::min(most, numbers.size() - i);
      NARROW_CHECK(run_batch(numbers.subspan(i, count)));
      progress.done.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
    }
    for (int64_t n : numbers) seen_.insert(n);
    return {};
  }

  /// Moves what has been seen since the last call into `all`.
  Status drain(Statistics& all) {
    NARROW_CHECK(set_aside());
    NARROW_TRY(all, merge(std::move(all), std::exchange(aside_, empty_)));
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

  Status run_batch(std::span<const int64_t> numbers) {
    for (size_t input = 0; input < runner_.program().graph().inputs.size(); ++input) NARROW_CHECK(read(numbers, input));
    bad_.reset();
    NARROW_CHECK(
        runner_.run(static_cast<int>(numbers.size()), [&](TensorRef t, const std::byte* values, int first, int count) {
          observe(t, values, numbers.subspan(static_cast<size_t>(first), static_cast<size_t>(count)));
        }));
    if (bad_) return fail(ErrorKind::bad_data, bad_->what(*runner_.program().model), {}, kRemedy);
    return {};
  }

  Statistics take() {
    Statistics part;
    part.kind = kind_;
    part.samples = std::exchange(seen_, {});
    for (TensorObserver& o : observers_) part.tensors.push_back(o.take(part.samples));
    return part;
  }
  /// Moves what has been seen since the last call out of reach of `forget`.
  Status set_aside() {
    NARROW_TRY(aside_, merge(std::move(aside_), take()));
    return {};
  }
  Status forget() {
    take();
    return {};
  }

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
  Statistics empty_;
  Statistics aside_;        // seen before, and kept whatever happens
  std::optional<Bad> bad_;  // of the batch being run: the first sample's first tensor
};

/// The samples of one run as sequences of equal length, the last maybe shorter; of length 1 where samples do not depend
/// on each other.
struct Sequences {
  int64_t samples = 0;
  int64_t length = 1;

  int64_t count() const { return (samples + length - 1) / length; }
  int64_t first(int64_t sequence) const { return sequence * length; }
  int64_t end(int64_t sequence) const { return std::min(samples, first(sequence) + length); }
  int64_t size(int64_t sequence) const { return end(sequence) - first(sequence); }
};

/// The sequences of one run, handed out in rising order, about a batch of samples at a time, to whoever asks.
class Queue {
 public:
  Queue(const CalibrateOptions& options, const Sequences& sequences, const SampleSet& seen, int64_t batch)
      : options_(options), sequences_(sequences), seen_(seen), batch_(batch), next_(options.shard), limit_(0) {}

  int64_t size() const {
    int64_t n = 0;
    for (int64_t k = options_.shard; k < sequences_.count(); k += options_.shards)
      n += is_seen(k) ? 0 : sequences_.size(k);
    return n;
  }
  /// Lets no more than `count` further samples out, but for those that complete a sequence.
  void open(int64_t count) { limit_ = count; }

  void take(std::vector<int64_t>& numbers) {
    std::lock_guard const lock(mutex_);
    numbers.clear();
    for (; next_ < sequences_.count() && limit_ > 0 && static_cast<int64_t>(numbers.size()) < batch_;
         next_ += options_.shards) {
      if (is_seen(next_)) continue;
      for (int64_t k = sequences_.first(next_); k < sequences_.end(next_); ++k) numbers.push_back(k);
      limit_ -= sequences_.size(next_);
    }
  }

 private:
  bool is_seen(int64_t sequence) const { return seen_.contains(sequences_.first(sequence)); }

  const CalibrateOptions& options_;
  Sequences sequences_;
  SampleSet seen_;  // before this run: sequences are there whole or not at all
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

  /// What is handed out comes in rising order and is finished unless cancelled, so the first failure is always found.
  void work(Worker& worker) {
    std::vector<int64_t> numbers;
    while (!stop.load(std::memory_order_relaxed) && !cancelled()) {
      queue.take(numbers);
      if (numbers.empty()) return;
      if (Status done = worker.run(numbers, progress, cancel); !done) report(numbers.front(), std::move(done).error());
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

/// Whether a run over `sequences` can be split into so many shards, and can go on from what has been seen.
Status check_sequences(const Sequences& sequences, const CalibrateOptions& o, const SampleSet& seen) {
  if (o.shards > 1 && sequences.count() == 1)
    return refuse("shard", "the model keeps state and all samples are one sequence in time, which has no shards",
                  "leave `shard` out, or say with `sequence` after how many samples another sequence begins");
  for (int64_t k = 0; k < sequences.count(); ++k)
    for (int64_t i = sequences.first(k); i < sequences.end(k); ++i)
      if (seen.contains(i) != seen.contains(sequences.first(k)))
        return fail(ErrorKind::bad_data,
                    "what has been seen ends within the sequence of samples " + std::to_string(sequences.first(k)) +
                        " to " + std::to_string(sequences.end(k) - 1),
                    o.resume->source, "calibrate anew, or with as many samples as before");
  return {};
}

int thread_count(const CalibrateOptions& o) {
  return o.threads > 0 ? o.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

StatisticsKind statistics_kind(const Model& model, const Samples& data, const CalibrateOptions& options) {
  Digest samples;
  samples.add(data.fingerprint());
  samples.add(static_cast<uint64_t>(options.sequence));
  bool const sequences = options.sequence > 0 && keeps_state(model, options.entry);
  return {fingerprint(model, options.attributes), sequences ? samples.value() : data.fingerprint(), options.histograms,
          options.per_sample, options.skip_nonfinite};
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
  Sequences sequences{samples, 1};
  int64_t const length = sequence_length(*model, options.entry, options.sequence, samples);
  if (length > 0) {
    sequences.length = length;
    NARROW_CHECK(check_sequences(sequences, options, all.samples));
  }
  int64_t const threads = thread_count(options);
  int64_t const share = (samples / options.shards + threads - 1) / threads;
  int64_t const batch =
      length > 0 ? 1 : std::clamp<int64_t>(kCacheBytes / arena, 1, std::clamp<int64_t>(share, 1, kMaxBatch));
  Queue queue(options, sequences, all.samples, batch);
  int64_t const left = queue.size();

  std::vector<std::unique_ptr<Worker>> workers;
  int64_t const at_once = std::max(batch, length);
  for (int64_t i = 0; i < std::clamp<int64_t>((left + at_once - 1) / at_once, 1, threads); ++i) {
    LowerContext const context{
        .profile = all_profiles().front(), .max_batch = static_cast<int>(batch), .leaves_out = true};
    NARROW_TRY(Program program, lower(model, context, options.entry));
    workers.push_back(std::make_unique<Worker>(std::move(program), data, empty));
  }

  Progress unseen;
  Crew crew(queue, options.progress ? *options.progress : unseen, options.cancel ? options.cancel : cancel_flag());
  crew.progress.done = 0;
  crew.progress.total = left;
  int64_t const before = all.samples.count();
  auto done = [&] { return all.samples.count() - before; };
  while (done() < left && !crew.cancelled()) {
    queue.open(options.checkpoint_every > 0 ? options.checkpoint_every : left);
    run_all(crew, workers);
    if (crew.error) return tl::unexpected(std::move(*crew.error));
    for (auto& worker : workers) NARROW_CHECK(worker->drain(all));
    if (options.checkpoint_every > 0 && options.checkpoint) NARROW_CHECK(options.checkpoint(all));
  }
  if (done() < left)
    return fail(ErrorKind::cancelled, "stopped after " + std::to_string(before + done()) + " of " +
                                          std::to_string(before + left) + " samples");
  return all;
}

}  // namespace narrow
