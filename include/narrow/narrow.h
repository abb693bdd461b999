// narrow: quantizes neural networks and runs them in integers, bit for bit. What the command line does, in C++.
//
//   narrow::QuantizeRequest request;
//   request.data.path = "train.npy";
//   auto model = narrow::load("model.tflite");
//   auto quantized = narrow::quantize(*model, request);
//   if (quantized) narrow::save(*quantized->model, "model_int8.tflite");
//   else std::cerr << quantized.error().what << "\n";
//
// Nothing here throws: where memory runs out, the error is limit_exceeded. (The JSON index of exports as npy and csv is
// made by a library that ends the process instead.)
#pragma once

#include <narrow/progress.h>
#include <narrow/result.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// Graphs of ops over tensors, float or quantized. Opaque, and never changed once made.
struct Model;
using ModelPtr = std::shared_ptr<const Model>;

/// Reads and validates a model file; the format is recognised by content.
/// Errors: io, bad_file, unsupported, limit_exceeded.
Result<ModelPtr> load(const std::string& path);

/// Writes a .tflite file, whole or not at all; its size in bytes.
/// Errors: io, unsupported (an op that the format cannot spell), limit_exceeded.
Result<int64_t> save(const Model& model, const std::string& path);

/// What a caller needs to know of an input or an output.
struct TensorSummary {
  std::string name;
  std::vector<int32_t> shape;        // -1 where free
  std::string dtype;                 // NumPy's name
  std::vector<float> scales;         // real value = (q - zero_point) * scale; empty for float
  std::vector<int64_t> zero_points;  // as many as scales, or none
};

struct ModelSummary {
  std::vector<TensorSummary> inputs;
  std::vector<TensorSummary> outputs;
  int64_t ops = 0;
  int64_t macs = 0;        // multiply-accumulates of one run
  int64_t parameters = 0;  // elements of weights and biases
  int64_t bytes = 0;       // of the file it was read from
};

/// What is in the first graph of `model`; sums are over all graphs.
/// Errors: limit_exceeded.
Result<ModelSummary> summarize(const Model& model);

/// Samples in files: a .npy (first axis counts samples), a .npz (an array per input), a .csv, or a folder of them.
struct DataSource {
  std::string path;
  double scale = 1;  // real value = stored number * scale + offset
  double offset = 0;
  std::optional<int64_t> samples;  // the first so many; all where not given
};

struct QuantizeRequest {
  std::string scheme = "int8";          // int8, int16x8, int16, q7, q15, dynamic, float16
  DataSource data;                      // representative samples; integer schemes need these
  std::string signature;                // whose graph they are of; the first graph where empty
  std::vector<std::string> statistics;  // or files that `narrow calibrate` wrote, of one or several signatures
  std::string range = "minmax";         // minmax, moving-average, percentile:P, mse, entropy, search
  std::string labels;                   // for range "search": a .npy of right answers; they count too
  std::vector<std::pair<std::string, double>> act_max;  // activations by name, and V: values beyond +-V are clipped
  std::string granularity;  // of weight scales: channel or tensor; the scheme's where empty, likewise the next six
  std::string weights;      // bits: 8, 16
  std::string activations;  // bits: 8, 16; float (of 8-bit weights: the scheme dynamic)
  std::string bias;         // bits: 8, 16, 32, 64, auto
  std::string accumulator;  // bits: 32, 64
  std::string rounding;     // double, half-up, truncate, half-even, half-away
  std::string scales;       // any, pow2
  std::string io;           // type of float inputs and outputs; the scheme's where empty
  std::vector<std::string> keep_float;  // ops whose name one of these regular expressions is found in stay float
  std::string recipe;                   // a file of rules that come after all of the above
  bool allow_float = false;             // ops without an integer form stay float instead of being an error
  std::string explain;                  // an op to explain: its name, index, or graph:index; may be empty
  int threads = 0;                      // 0: one for each processor
  Progress* progress = nullptr;         // counts samples; may be null
};

/// What became of one op.
struct OpReport {
  std::string name;  // of its first output
  std::string op;    // "CONV_2D"
  bool quantized = false;
  std::string reason;
  int graph = 0;
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

/// What was tried for tensors that share a grid.
struct SearchedRange {
  std::string tensor;                  // the first of them to be computed
  std::string op;                      // what computes it; empty for an input
  std::vector<std::string> together;   // the others
  std::vector<RangeTrial> candidates;  // ranges falling
  double chosen = 0;                   // one of their ranges
};

/// What range "search" has found, from the input to the output, with float layers behind the activation that is tried;
/// and how it compares with ranges as wide as the values once all is quantized.
struct SearchReport {
  std::vector<SearchedRange> ranges;
  int64_t samples = 0;             // that were run: of many, some at even distances
  std::optional<double> accuracy;  // of the float model, with labels
  RangeTrial found, widest;        // of the quantized models
  bool kept_widest = false;        // the former was not better in every respect, so the latter is the result
};

struct QuantizeResult {
  ModelPtr model;
  std::string scheme;  // by which it was made
  std::vector<OpReport> ops;
  std::vector<Explanation> explanations;  // of the ops that `explain` means
  std::optional<SearchReport> search;     // where ranges were searched
  std::vector<std::string> warnings;      // of graphs that stay float, a line each
  int64_t samples = 0;                    // that were run
};

/// Errors: bad_option (names the option of the command line), bad_data, unsupported (names each op that has no
/// integer form), and those of reading files.
Result<QuantizeResult> quantize(const ModelPtr& model, const QuantizeRequest& request);

struct ExportRequest {
  std::string folder;             // made if it is not there; where it is, other files in it stay
  std::string format = "npy";     // npy, csv, header
  std::string layout = "stored";  // of weights: stored, ohwi, hwio, transposed, hwio,transposed, ohwi,transposed
  std::string style = "array";    // of a header: array (with a .c), define (lists as macros)
  std::string name;               // what a header's names begin with; made from the model file's where empty
  const std::atomic<bool>* cancel = nullptr;  // ends the work with nothing written; may be null
};

struct ExportResult {
  std::vector<std::string> files;     // names in the folder
  std::string name;                   // what a header's names begin with; empty for other formats
  int64_t constants = 0;              // that were written
  int64_t bytes = 0;                  // of their values
  std::vector<std::string> left_out;  // names of those that are no numbers
};

/// Writes the constants of all graphs of `model` into a folder; all files appear, or none.
/// Errors: bad_option (names the option of the command line), io, cancelled.
Result<ExportResult> export_constants(const Model& model, const ExportRequest& request);

/// A model made ready to run, a sample at a time. For one thread at a time.
class Session {
 public:
  /// `profile` says whose rounding integers follow: narrow, tflm, litert or xnnpack.
  /// Errors: bad_option (no such profile), unsupported (names the first op without a kernel), limit_exceeded.
  static Result<Session> create(const ModelPtr& model, const std::string& profile = "narrow");
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  ~Session();

  /// Where input i goes before `run`: dense, in the tensor's own type; i below the number of inputs.
  std::span<std::byte> input(size_t i);
  /// Output i of the last run, likewise; valid until the next.
  std::span<const std::byte> output(size_t i) const;
  /// Errors: bad_data (an operand turns out not to fit), limit_exceeded (a loop without an end); each names the op.
  [[nodiscard]] Status run();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace narrow
