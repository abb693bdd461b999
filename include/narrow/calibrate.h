// Calibration: a float model run over samples, with statistics kept of the values of every float tensor.
//
//   CalibrateRequest request;
//   request.data.path = "train.npy";
//   Result<StatisticsPtr> statistics = calibrate(model, request);
#pragma once

#include <narrow/data.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// What is known of each float tensor of one model: extent, counts, histograms. Opaque, and never changed once made.
struct Statistics;
using StatisticsPtr = std::shared_ptr<const Statistics>;

struct CalibrateRequest {
  DataSource data;
  std::string signature;  // whose graph to run; the first graph where empty
  int64_t shard = 0;      // only samples k with k mod shards == shard; of a model that keeps state, sequences k
  int64_t shards = 1;
  bool histograms = true;                     // range methods percentile, mse and entropy need them
  bool per_sample = false;                    // each sample's range, which moving_average needs
  OnNan on_nan = OnNan::stop;                 // skip: values that are not finite are counted and left out
  int threads = 0;                            // 0: one for each processor
  Progress* progress = nullptr;               // counts samples; may be null
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: stop soon; may be null
  StatisticsPtr resume;          // of an earlier call of the same kind: samples seen there are not run again
  int64_t checkpoint_every = 0;  // samples between calls of `checkpoint`, which gets whole sequences; 0: never
  std::function<Status(const Statistics&)> checkpoint =
      {};  // gets all so far; also once when cancelled; must not throw
};

/// The result does not depend on threads, on the order samples are run in, or on resuming. Errors: bad_option (names
/// the field), bad_data (a value that is not finite: names tensor, op and the first such sample), cancelled,
/// unsupported (an op without a float kernel, a model without float tensors), and those of the data.
NARROW_API Result<StatisticsPtr> calibrate(const ModelPtr& model, const CalibrateRequest& request);

/// Joins statistics of parts of one data set, bit for bit what one run over all of it gives; at least one part. Errors:
/// bad_data where parts are of different models, data or options, or share a sample; names the parts. With `shards`
/// above 0 these are to be all of so many shards: bad_data where one is missing, which it names, or there twice.
NARROW_API Result<StatisticsPtr> merge(std::span<const StatisticsPtr> parts, int64_t shards = 0);

/// Reads a .nstat file. Errors: io, bad_file; both name the file.
NARROW_API Result<StatisticsPtr> load_statistics(const std::string& path);

/// Writes one, whole or not at all. Errors: io.
NARROW_API Status save_statistics(const Statistics& statistics, const std::string& path);

/// The bytes of that file. Errors: limit_exceeded.
NARROW_API Result<std::vector<std::byte>> to_bytes(const Statistics& statistics);

/// Statistics from such bytes; `name` stands for the file in messages. Errors: bad_file.
NARROW_API Result<StatisticsPtr> load_statistics(std::span<const std::byte> bytes, const std::string& name);

/// Statistics for a request: in a file or in memory.
struct StatisticsSource {
  std::string path = {};          // a .nstat file
  StatisticsPtr statistics = {};  // or these
};

/// Whether a file begins as those do that `save_statistics` writes. Errors: io.
NARROW_API Result<bool> holds_statistics(const std::string& path);

/// How much there is in statistics.
struct StatisticsSize {
  int64_t samples = 0;
  int64_t tensors = 0;
};
NARROW_API StatisticsSize size_of(const Statistics& statistics);

/// What was seen of one tensor.
struct TensorStatisticsReport {
  int graph = 0;  // in the simplified model that was run
  int tensor = 0;
  std::string name;
  int64_t values = 0;  // finite ones
  int64_t not_finite = 0;
  float min = 0;  // of the finite values; min > max where there are none
  float max = 0;

  /// These where the statistics have histograms, and there are finite values; else nothing and empty.
  struct Distribution {
    double mean = 0;
    double deviation = 0;
    int64_t outliers = 0;                 // values farther from the mean than six standard deviations
    std::pair<double, double> most = {};  // from where to where 99.99 % of the values are
    std::vector<int64_t> counts = {};     // of 32 equal parts from `min` to `max`
  };
  std::optional<Distribution> distribution = {};
};
NARROW_API Result<std::vector<TensorStatisticsReport>> report(const Statistics& statistics);

}  // namespace narrow
