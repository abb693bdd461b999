// Reports: all that is known of a quantized model, as numbers, as a page, and as data for model viewers.
//
//   ReportRequest request;
//   request.reference = result.prepared;
//   request.models = {{"model_int8.tflite", result.model, result}};
//   request.data.path = "train.npy";
//   Result<Report> report = make_report(request);
//   std::string page = report_html(*report);
#pragma once

#include <narrow/compile.h>
#include <narrow/data.h>
#include <narrow/evaluate.h>
#include <narrow/fit.h>
#include <narrow/model.h>
#include <narrow/progress.h>
#include <narrow/quantize.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// A model that a report tells of.
struct ReportedModel {
  std::string name;                           // what charts and tables call it
  ModelPtr model;                             // float or quantized
  std::optional<QuantizeResult> made = {};    // what `quantize` said of it
  std::optional<Evaluation> evaluation = {};  // of as many samples as one likes; else it is measured on a few
  std::optional<int64_t> bytes = {};          // of its file; else of the one that `save` would write
};

/// Samples that a report measures layers on, where nothing else is said: enough for the figures of a page.
inline constexpr int64_t kReportSamples = 32;

struct ReportRequest {
  std::vector<ReportedModel> models;  // at least one
  size_t detail = 0;                  // index of the one that is told of layer by layer
  ModelPtr reference;     // the float model that it stands for; QuantizeResult::prepared where that is known
                          // (channels that were scaled compare then), may be null: then nothing is compared
  ModelPtr given;         // the float model as it was read; may be null
  DataSource data;        // samples; without any, nothing is measured
  Labels labels;          // right answers, for top-1; may be left out
  std::string signature;  // whose graph to run; the first graph where empty
  std::optional<CompileResult> compiled =
      {};                             // what `compile` said of the model told of in detail, with `target`; else
  Target target = Target::portable;   // its project is planned as it would be with nothing asked for
  int64_t samples = kReportSamples;   // at most so many, evenly spaced, are run; fewer where activations are large
  Profile profile = Profile::narrow;  // whose rounding the models run with
  bool try_schemes = false;           // also makes models by some other schemes, in the quickest way, to compare with
  /// What the verdict goes by. Flash and RAM are of the project in C.
  std::optional<int64_t> flash = {};
  std::optional<int64_t> ram = {};
  std::optional<MostDrop> max_drop = {};  // of top-1 below the float model, in points; in decibels, the least SQNR
  int threads = 0;                        // 0: one for each processor
  Progress* progress = nullptr;           // counts samples; may be null
};

/// One budget, and what became of it.
struct ReportVerdict {
  std::string what;  // "flash", "ram", "drop", "sqnr"
  std::string unit;  // "bytes", "points", "dB"
  double value = 0;
  double limit = 0;
  bool kept = false;
};

/// A model as a point in charts. What is not known is left out.
struct ReportCandidate {
  enum class Kind : uint8_t { reference, model, trial };
  std::string name;
  Kind kind = Kind::model;
  int64_t bytes = 0;  // of the file
  int64_t macs = 0;
  int64_t samples = 0;                   // that the next three are of
  std::optional<double> top1 = {};       // share
  std::optional<double> agreement = {};  // share
  std::optional<double> sqnr_db = {};    // of the outputs; infinite where there is no error
  std::optional<int64_t> flash = {};     // of the project in C, likewise the next two
  std::optional<int64_t> ram = {};       // arena, state and stack
  std::optional<int64_t> cycles = {};    // of an inference, modelled for a Cortex-M4
  std::string no_project = {};           // why there is none; empty where there is
  bool on_front = false;                 // no other has fewer bytes and is better
};

/// An op of the model told of in detail.
struct ReportOp {
  int graph = 0;
  int index = 0;
  std::string name;         // of its first output, as the file has it
  std::string op;           // "CONV_2D"
  std::string outcome;      // "integer", "float", "added" (by the quantizer); of a model that was read as it is
  std::string reason = {};  // from the quantizer; may be empty
  std::string form = {};    // "int8", "int16x8"
  std::string dtype = {};   // of the result
  std::vector<int32_t> shape = {};
  std::optional<double> scale = {};  // of the result, where it has one
  int64_t zero_point = 0;
  int64_t constant_bytes = 0;
  int64_t macs = 0;
  int weight_bits = 0;                        // 0 where it has no weights
  int activation_bits = 0;                    // of its result; 32 for floats
  std::optional<ErrorSums> accumulated = {};  // beside the float model, with the errors of all ops before
  std::optional<ErrorSums> isolated = {};     // of this op alone: given the float model's values, quantized
};

/// An activation tensor of that model, beside the float tensor that it stands for.
struct ReportTensor {
  std::string name;
  std::string dtype;
  double scale = 0;
  int64_t zero_point = 0;
  double chosen_lo = 0;  // the least and the greatest value that its integers stand for
  double chosen_hi = 0;
  int64_t values = 0;  // float ones that were seen
  double min = 0;      // of them
  double max = 0;
  double histogram_lo = 0;  // from where to where `counts` are, in equal parts: chosen range and values
  double histogram_hi = 0;
  std::vector<int64_t> counts = {};
  double clipped = 0;         // share of the values beyond the chosen range by more than half a step
  int64_t codes = 0;          // integers that its type has
  int64_t codes_used = 0;     // that the quantized model used
  double effective_bits = 0;  // entropy of the integers: the bits that an ideal code would take for them
};

/// The weights of a layer, by output channel; real values.
struct ReportWeights {
  std::string name;  // of the constant
  std::string op;    // name of the layer that reads it
  std::string dtype;
  int bits = 0;  // 32 for floats
  std::vector<int32_t> shape;
  int64_t zeros = 0;
  size_t scales = 0;
  std::vector<float> lo, hi;            // of each channel
  std::optional<ErrorSums> error = {};  // beside the float model's weights
};

/// What one step of the project in C costs.
struct ReportStep {
  std::string name;  // of the op's first output
  std::string op;
  std::string kernel;
  int64_t flash = 0;  // constants that no step before has
  int64_t ram = 0;    // bytes of the arena that hold values meanwhile
  int64_t macs = 0;
  int64_t cycles = 0;  // modelled
};

/// The project in C, as `compile` would write it with nothing else asked for.
struct ReportProject {
  int64_t flash = 0;  // constants, parameters and code
  int64_t constants = 0;
  int64_t code = 0;
  int64_t arena = 0;
  int64_t state = 0;
  int64_t stack = 0;
  int64_t macs = 0;
  int64_t cycles = 0;
  std::string core;         // that cycles are modelled for
  std::string measured_by;  // the compiler that code and stack are measured with; empty: modelled
  std::vector<ReportStep> steps;
  std::vector<PlannedBuffer> plan;
  int plan_graph = 0;  // of the plan's: the one that runs first
};

/// Plain numbers and texts: nothing here depends on threads or on time. Texts name fields of requests in backquotes, as
/// errors do; `change_texts` is for front ends that call them otherwise.
struct Report {
  std::string title;   // name of the model
  std::string source;  // the float model's file; may be empty
  std::string scheme;  // may be empty
  int64_t bytes = 0;
  int64_t bytes_before = 0;  // 0 where not known
  int64_t calibrated = 0;    // samples that ranges are of
  int64_t measured = 0;      // samples that figures by layer are of; 0 where there are none
  int64_t given = 0;         // samples that there were
  int64_t macs = 0;
  int64_t float_macs = 0;  // of ops whose result is float
  int64_t weight_bytes = 0;
  int64_t float_weight_bytes = 0;
  std::string no_isolated;  // why no layer is measured alone, where samples were given; may be empty
  std::vector<ReportVerdict> verdict;
  std::vector<ReportCandidate> candidates;
  std::vector<std::string> graphs;  // their names, "main" and "subgraph_1" where the file has none
  int entry = 0;                    // the graph that figures by layer are of
  std::vector<ReportOp> ops;
  std::vector<ReportTensor> tensors;
  std::vector<ReportWeights> weights;
  std::optional<ReportProject> project;
  std::string no_project;  // why there is none
  std::optional<SearchReport> search;
  std::optional<QualityReport> quality;
  std::vector<ScaledChannels> scaled;
  std::vector<std::pair<std::string, int64_t>> folded;  // types of op that went into others, and how many ops
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  std::vector<std::string> advice;  // what would help, the most important first
};

/// Puts what `change` makes of them in the place of texts that may name fields of requests.
NARROW_API void change_texts(Report& report, const std::function<std::string(const std::string&)>& change);

/// Measures what the page and the JSON tell. Errors: bad_option (names the field), and those of the data and of running
/// the models. What has no integer C is no error: `no_project` says why.
NARROW_API Result<Report> make_report(const ReportRequest& request);

// What follows makes texts of numbers that are there, and throws std::bad_alloc where memory runs out.

/// One page that needs nothing but itself: pictures and tables that sort and filter, the numbers as JSON within.
NARROW_API std::string report_html(const Report& report);

/// One JSON object of every number in it, without a newline; infinite decibels are null.
NARROW_API std::string report_json(const Report& report);

/// Figures of ops for Model Explorer, which takes one from a file.
struct NodeData {
  std::string name;  // "sqnr", "sqnr_alone", "bits", "weight_bits", "range", "clipped", "code_use"
  std::string json;  // values by graph and by names of output tensors, with colours
};

/// Those that are known, the error first.
NARROW_API std::vector<NodeData> node_data(const Report& report);

}  // namespace narrow
