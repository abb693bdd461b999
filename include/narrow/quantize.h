// Quantization: a float model becomes a quantized one.
#pragma once

#include <narrow/calibrate.h>
#include <narrow/data.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// A range method with its parameter.
struct RangeSpec {
  RangeMethod method = RangeMethod::minmax;
  std::optional<double> parameter = {};  // of percentile: above 50, at most 100; the method's own where not given
  /// Of search: takes the ranges found even where they are not better than the widest in all respects.
  bool always = false;
};

/// "percentile:99.9", "search:always". Errors: bad_option.
NARROW_API Result<RangeSpec> parse_range_spec(const std::string& text);

/// The parameter that a method has where none is given; nothing for methods without one.
NARROW_API std::optional<double> default_parameter(RangeMethod method);

/// As many chains as Quality::best tries where nothing else is said.
inline constexpr int64_t kQualityCandidates = 16;

struct QuantizeRequest {
  std::optional<Scheme> scheme = {};         // int8 where not given; a model that is integer already then keeps its own
  DataSource data;                           // representative samples; integer schemes need these,
  std::vector<StatisticsSource> statistics;  // or what `calibrate` gave, of one or several signatures
  std::string signature;                     // whose graph `data` is of; the first graph where empty
  OnNan on_nan = OnNan::stop;                // skip: values of `data` and activations that are not finite are left out
  std::optional<RangeSpec> range = {};       // minmax where not given, and what Quality::best finds
  Labels labels;                             // for RangeMethod::search: right answers; they count too
  std::vector<std::pair<std::string, double>> act_max;  // activations by name, and V: values beyond +-V are clipped
  std::optional<Granularity> granularity =
      {};                               // of weight scales; the scheme's where not given, likewise the next seven
  std::optional<int> weights = {};      // bits: 4, 6, 8, 16
  std::optional<int> activations = {};  // bits: 8, 16; kFloatActivations
  std::optional<int> bias = {};         // bits: 8, 16, 32, 64; kAutoBias
  std::optional<int> accumulator = {};  // bits: 32, 64
  std::optional<RoundingRule> rounding = {};
  std::optional<Scales> scales = {};
  /// Factor, 1 to kMostHeadroom, by which 16-bit activations reach beyond what the samples do. Where not given: 2 for
  /// Scheme::int16, or what Quality::best finds; 1 for the others.
  std::optional<double> headroom = {};
  /// Where not given: best for integer schemes with samples of a float model without state, unless `weight_rounding`,
  /// or a range that is searched, says how; else fast.
  std::optional<Quality> quality = {};
  std::optional<int64_t> candidates =
      {};  // the most chains that Quality::best tries, at least 1; else kQualityCandidates
  std::optional<WeightRounding> weight_rounding = {};  // one step by hand; other than nearest by samples of `data`
  std::optional<DType> io = {};                        // type of float inputs and outputs: float32, int8, uint8, int16
  std::vector<std::string> keep_float;  // ops whose name one of these regular expressions (RE2's syntax) is found in
  std::string recipe;                   // a file of rules that come after all of the above; may be empty
  bool allow_float = false;             // ops without an integer form stay float instead of being an error
  std::string explain;                  // an op to explain: its name, index, or graph:index; may be empty
  int threads = 0;                      // 0: one for each processor
  Progress* progress = nullptr;         // counts samples; may be null
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends soon; may be null
};

/// What became of one op.
struct OpReport {
  std::string name;  // of its first output
  std::string op;    // "CONV_2D"
  bool quantized = false;
  std::string reason;
  int graph = 0;
  /// What it computes with in the quantized model: "int8", "int16x8", "q7", "float"; may be empty.
  std::string form = {};
};

/// Why an operand or result of an explained op is what it is.
struct OperandReport {
  std::string role;  // activation, weight, bias, index; result
  std::string name;
  std::string dtype;
  size_t scales = 0;  // 0 where it has none; scale_min == scale_max where it has one
  float scale_min = 0;
  float scale_max = 0;
  int32_t zero_point = 0;
  std::optional<std::pair<float, float>> range;  // of its own values
  std::string method;                            // how the range came from statistics
  std::string origin;                            // where scale and zero point come from
};

/// Everything about one op.
struct Explanation {
  OpReport op;
  size_t index = 0;  // in its graph
  std::vector<OperandReport> operands;
  std::string kernel;  // which implementation runs it
};

/// How well outputs are kept where activations are rounded to certain ranges.
struct RangeTrial {
  double range = 0;                // V of the activation tried: values beyond +-V are clipped; 0 where not of one
  std::optional<double> accuracy;  // share of samples whose largest output is their label's; with labels only
  double agreement = 1;            // share of samples whose largest output is where the float model has its largest
  double error = 0;                // mean squared difference from the float outputs
};

/// What was tried for tensors that share quantization parameters.
struct SearchedRange {
  std::string tensor;                  // the first of them to be computed
  std::string op;                      // what computes it; empty for an input
  std::vector<std::string> together;   // the others
  std::vector<RangeTrial> candidates;  // ranges falling
  double found = 0;                    // the best of their ranges, by itself
  double chosen = 0;  // the one that was used: `found`, or the widest where all that was found is dropped
};

/// What range "search" has found, from the input to the output, with float layers behind the activation that is tried;
/// and how it compares with ranges as wide as the values once all is quantized.
struct SearchReport {
  std::vector<SearchedRange> ranges;
  int64_t samples = 0;             // that were run: of many, some at even distances
  std::optional<double> accuracy;  // of the float model, with labels
  RangeTrial found, widest;        // of the quantized models
  bool kept_widest = false;        // the former was not better in every respect, so the latter is the result
  std::string worse_in;            // in what it was not better: "agreement, error"; empty where it was in all
};

/// One chain of steps that was tried, see QualityReport.
struct QualityTrial {
  std::string chain;      // "mse, channels scaled ^0.5, gptq, biases corrected"
  double sqnr_db = 0;     // of the outputs, on the samples held back; infinite where there is no error
  double logits_db = 0;   // the same with what a SOFTMAX or LOGISTIC at the end reads instead of what it gives
  double typical_db = 0;  // likewise, the mean over samples of what it would be with the noise of that one alone
  double seconds = 0;     // that it took, calibration apart
};

/// Channels of a float model that layers make larger, and the layers that read them smaller, so that they use more of
/// the steps that the tensor has for all of them.
struct ScaledChannels {
  std::vector<std::string> tensors;  // whose channels have the same factors
  std::vector<std::string> writers;  // layers, by the name of their result, that multiply by them
  std::vector<std::string> readers;  // layers that divide
  int64_t channels = 0;
  double least = 1;  // of the factors
  double most = 1;
};

/// How much of the error the steps of 8-bit outputs make up; of what a SOFTMAX or LOGISTIC at the end reads instead of
/// what it gives.
struct OutputSteps {
  double own_db = 0;              // SQNR if values were rounded to these steps and had no other error
  std::optional<double> gain_db;  // by which `io=int16` or `io=float32`, with which the ops at the end compute in
                                  // 16 bits, are better; measured where own steps make up a quarter of it
};

/// What Quality::best has tried.
struct QualityReport {
  std::vector<QualityTrial> trials;         // the first is what Quality::fast does
  size_t chosen = 0;                        // index of a trial: the best by the mean of logits_db and typical_db
  int64_t held_back = 0;                    // samples that chose, and that no trial was made from
  std::optional<OutputSteps> output_steps;  // of the chosen one; nothing where outputs have no 8-bit steps, or `io`
                                            // asks for others
};

struct QuantizeResult {
  ModelPtr model;
  /// The float model that became `model`: simplified, with channels scaled. It computes what the given one does, and
  /// its tensors compare with those of `model` by name. Null where layers stayed the integers that they were.
  ModelPtr prepared = {};
  /// `model` before channels were left out that no output depends on: with as many as `prepared` has. Null where none
  /// were.
  ModelPtr with_all_channels = {};
  Scheme scheme = Scheme::int8;  // by which it was made
  std::vector<OpReport> ops;
  std::vector<Explanation> explanations;  // of the ops that `explain` means
  std::optional<SearchReport> search;     // where ranges were searched
  std::optional<QualityReport> quality;   // where chains were tried
  std::vector<ScaledChannels> scaled;     // before ranges were known, by the chain chosen
  std::vector<std::string> warnings;      // of values that are lost, graphs that stay float, and data that does not
                                          // look like what the model takes; a line each
  std::vector<std::string> notes = {};    // of what is smaller without a loss; a line each
  int64_t samples = 0;                    // that were run
};

/// Errors: bad_option (names the field), bad_data, unsupported (names each op that has no integer form), and those of
/// the data.
NARROW_API Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request);

}  // namespace narrow
