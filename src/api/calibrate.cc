// calibrate and what goes with statistics, of the public interface.
#include "calibrate/calibrate.h"

#include "api/data.h"
#include "api/given.h"
#include "api/sized_for_data.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "calibrate/nstat.h"
#include "calibrate/summary.h"
#include "graph/entry.h"
#include "narrow/calibrate.h"
#include "ops/build/inside_values.h"
#include "ops/control/state.h"
#include "simplify/simplify.h"
#include "tflite/options_digest.h"

namespace narrow {
namespace {

Result<StatisticsPtr> carry_out(const ModelPtr& given, const CalibrateRequest& request) {
  NARROW_TRY(int const entry, entry_graph(*given, request.signature));
  NARROW_TRY(ModelPtr const sized, sized_for(given, request.data, entry));
  NARROW_TRY(Model simplified, simplify(*sized));
  auto const model = std::make_shared<const Model>(with_inside_values(std::move(simplified)));
  CalibrateOptions how;
  NARROW_TRY(how.entry, entry_graph(*model, request.signature));
  NARROW_TRY(auto const data, open_data(*model, request.data, how.entry, request.on_nan));
  NARROW_TRY(how.samples, sample_count(request.data, *data));
  NARROW_TRY(how.sequence, sequence_samples(request.data, keeps_state(*model, how.entry)));
  how.shard = request.shard;
  how.shards = request.shards;
  how.threads = thread_count(request.threads);
  how.histograms = request.histograms;
  how.per_sample = request.per_sample;
  how.skip_nonfinite = request.on_nan == OnNan::skip;
  how.attributes = options_digest(*model);
  how.progress = request.progress;
  how.resume = request.resume.get();
  how.checkpoint_every = request.checkpoint_every;
  how.checkpoint = request.checkpoint;
  NARROW_TRY(Statistics done, calibrate(model, *data, how));
  return std::make_shared<const Statistics>(std::move(done));
}

TensorStatisticsReport::Distribution distribution_of(const TensorStatistics& t) {
  StatisticsSummary const s = summarize(t);
  return {s.mean, s.deviation, static_cast<int64_t>(s.outliers), {s.lo, s.hi}, {s.counts.begin(), s.counts.end()}};
}

}  // namespace

Result<bool> holds_statistics(const std::string& path) {
  return guarded([&]() -> Result<bool> { return begins_as_statistics(path); });
}

Result<StatisticsPtr> calibrate(const ModelPtr& model, const CalibrateRequest& request) {
  CancelScope const scope(request.cancel);
  return guarded([&]() -> Result<StatisticsPtr> {
    NARROW_CHECK(check_given(model));
    return carry_out(model, request);
  });
}

Result<StatisticsPtr> load_statistics(const std::string& path) {
  return guarded([&]() -> Result<StatisticsPtr> {
    NARROW_TRY(Statistics read, read_statistics(path));
    read.source = path;
    return std::make_shared<const Statistics>(std::move(read));
  });
}

Status save_statistics(const Statistics& statistics, const std::string& path) {
  return guarded([&] { return write_statistics(path, statistics); });
}

Result<std::vector<std::byte>> to_bytes(const Statistics& statistics) {
  return guarded([&]() -> Result<std::vector<std::byte>> { return encode(statistics); });
}

Result<StatisticsPtr> load_statistics(std::span<const std::byte> bytes, const std::string& name) {
  return guarded([&]() -> Result<StatisticsPtr> {
    auto read = decode(bytes);
    if (!read) return pass(std::move(read), name);
    read->source = name;
    return std::make_shared<const Statistics>(std::move(*read));
  });
}

StatisticsSize size_of(const Statistics& statistics) {
  return {statistics.samples.count(), static_cast<int64_t>(statistics.tensors.size())};
}

Result<std::vector<TensorStatisticsReport>> report(const Statistics& statistics) {
  return guarded([&]() -> Result<std::vector<TensorStatisticsReport>> {
    std::vector<TensorStatisticsReport> out;
    for (const TensorStatistics& t : statistics.tensors) {
      out.push_back({t.tensor.graph, t.tensor.tensor, t.name, static_cast<int64_t>(t.count),
                     static_cast<int64_t>(t.nan + t.plus_infinity + t.minus_infinity), t.min, t.max});
      if (statistics.kind.histograms && !t.empty()) out.back().distribution = distribution_of(t);
    }
    return out;
  });
}

}  // namespace narrow
