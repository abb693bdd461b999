// Calibration: a float run over samples with every float tensor observed.
//
//   CalibrateOptions options;
//   options.threads = 2;
//   NARROW_TRY(Statistics s, calibrate(model, *data, options));
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/progress.h"
#include "calibrate/statistics.h"
#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

struct CalibrateOptions {
  int entry = 0;         // the graph to run, whose inputs the data is of
  int64_t samples = -1;  // how many of the data set, from its start; -1: all
  int64_t sequence = 0;  // of a model that keeps state: see sequence_length in program/run_samples.h
  int64_t shard = 0;     // only samples k, or sequences k of a model that keeps state, with k mod shards == shard
  int64_t shards = 1;
  int threads = 0;          // 0: one for each processor
  bool histograms = false;  // costs about as much again as the exact extent; see StatisticsKind
  bool per_sample = false;
  bool skip_nonfinite = false;  // leave NaN and infinities out, counted, instead of stopping

  uint64_t attributes = 0;  // of the model's ops, as options_digest has it: statistics know by it what they are of

  Progress* progress = nullptr;               // counts samples
  const std::atomic<bool>* cancel = nullptr;  // to stop soon; null: the flag in force
  const Statistics* resume = nullptr;         // samples seen there are not run again; must be of the same kind
  int64_t checkpoint_every = 0;               // samples between calls of `checkpoint`, or more to the end of a
                                              // sequence; 0: never
  std::function<Status(const Statistics&)> checkpoint = {};  // gets everything so far; also once when cancelled
};

/// The kind of statistics that `calibrate` would take.
StatisticsKind statistics_kind(const Model& model, const Samples& data, const CalibrateOptions& options);

/// Statistics of the float tensors that the entry, and the graphs that it runs, compute or are given. The result does
/// not depend on threads, on the order samples are run in, or on resuming; it holds a sequence whole or not at all.
/// Errors: bad_option (shard, also where there is one sequence to be split; samples), bad_data (a value that is not
/// finite: names tensor, op and the first such sample; a part of a sequence in `resume`), cancelled, unsupported (an op
/// without a kernel; a model without float tensors), and those of `data`.
Result<Statistics> calibrate(const std::shared_ptr<const Model>& model, const Samples& data,
                             const CalibrateOptions& options);

}  // namespace narrow
