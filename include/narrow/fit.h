// Fit: widths layer by layer, so that a network keeps its accuracy within a budget.
#pragma once

#include <narrow/data.h>
#include <narrow/dtype.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/result.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace narrow {

/// How much worse than wide widths a model may be.
struct MostDrop {
  enum class Unit : uint8_t {
    points,    // of top-1 in percent, below the float model; needs labels
    decibels,  // of SQNR, below the same network with 8 bits everywhere; below 0 where it has to be better than that
  };
  double value = 0;
  Unit unit = Unit::points;
};

struct FitRequest {
  DataSource data;  // representative samples. Where `test` is not given, one in two is held back: nothing is made from
                    // it, and drops are measured on it
  DataSource test;  // other samples, to measure drops on; then `data` is calibrated with as a whole
  Labels labels;    // right answers, of `test` where that is given, else of `data`; may be left out
  std::string signature;                  // whose graph `data` is of; the first graph where empty
  std::optional<MostDrop> max_drop = {};  // where not given: a point of top-1 with labels, else 6 dB
  std::optional<int64_t> flash = {};      // bytes that code and constants of the project in C may take,
  std::optional<int64_t> ram = {};        // arena, state and stack,
  std::optional<int64_t> macs = {};       // and multiply-accumulates, which widths do not change
  std::optional<DType> io = {};  // type of inputs and outputs: float32, int8, uint8, int16; int8 where not given
  int threads = 0;               // 0: one for each processor
  Progress* progress = nullptr;  // counts samples; may be null
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends soon; may be null
};

/// A layer, and the widths that it got.
struct FittedLayer {
  std::string name;  // of its op's first output
  std::string op;    // "CONV_2D"
  int64_t weights = 0;
  std::optional<double> alone_db = {};  // SQNR of the outputs where it alone has 4-bit weights, beside the network with
                                        // 8 bits; none where it cannot have any
  int weight_bits = 8;
  int activation_bits = 8;
};

/// One set of widths that was quantized whole and measured.
struct FitTrial {
  int64_t weight_bytes = 0;                  // of the layers' weights, as they are stored
  std::optional<int64_t> flash_bytes = {};   // of the project in C, as `compile` has them; none where there is no form
  std::optional<int64_t> ram_bytes = {};     // in integer C; likewise
  std::string no_project = {};               // why there is none; empty where there is
  int64_t macs = 0;                          // multiply-accumulates of an inference
  std::vector<int> weight_bits = {};         // by layer
  size_t wide_ops = 0;                       // the last so many ops have 16-bit activations
  std::optional<double> predicted_db = {};   // SQNR from the layers' errors alone; of trials between two others
  double sqnr_db = 0;                        // measured, of what decides: outputs, or what a SOFTMAX at the end reads
  std::optional<double> top1 = {};           // share of samples, with labels
  std::optional<double> expected_top1 = {};  // from the float model's margins and the size of the errors
  double drop = 0;                           // in the unit of `max_drop`. Points: estimated from measured and expected
                                             // top-1, and a quarter of its deviation more
};

struct FitResult {
  std::string recipe;  // for QuantizeRequest::recipe, as a file; empty where nothing keeps within all limits
  std::string steps;   // "mse, channels scaled ^0.5, gptq, biases corrected"
  MostDrop max_drop;
  std::vector<FittedLayer> layers;    // with the widths of the chosen trial, or of the nearest
  std::vector<FitTrial> trials;       // by rising weight bytes
  std::optional<size_t> chosen = {};  // the smallest that keeps within all limits, else
  std::optional<size_t> nearest = {};
  std::vector<std::string> missed = {};  // what does not keep within its limit, and by how much
  std::optional<FitTrial> made = {};     // the recipe carried out with all of `data`; its drop is that of the trial
  int64_t int8_weight_bytes = 0;         // with 8 bits everywhere
  std::optional<double> float_top1 = {};
  int64_t macs = 0;
  int64_t calibrated = 0;  // samples that trials were made from
  int64_t held_back = 0;   // and that drops were measured on
  std::vector<std::string> warnings = {};
};

/// Searches widths of weights (4, 8 and 16 bits) and of activations (8 and 16) by the error that layers make alone, and
/// measures the sets on the way to the smallest one that drops no more than `max_drop`. A limit that is missed is no
/// error: see `missed`. Errors: bad_option (names the field), bad_data, unsupported (an op that has no integer form, a
/// model that keeps state or is integer already), and those of the data.
NARROW_API Result<FitResult> fit(const ModelPtr& model, const FitRequest& request);

}  // namespace narrow
