// What is in a model.
#pragma once

#include <narrow/dtype.h>
#include <narrow/model.h>
#include <narrow/result.h>
#include <narrow/visibility.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace narrow {

struct TensorInfo {
  std::string name;
  DType dtype = DType::float32;
  std::vector<int32_t> shape;        // as in the file, -1 where free
  std::vector<int32_t> run_shape;    // free dimensions as large as narrow takes them without samples
  std::vector<float> scales;         // real value = (q - zero_point) * scale; empty for floats
  std::vector<int64_t> zero_points;  // as many as scales, or none where all are 0
  int axis = 0;                      // along which there are several scales
  bool constant = false;             // has values in the file
  bool parameter = false;            // a constant that training made, not a shape, an axis or an index
  int64_t bytes = 0;                 // of a constant's values
};

/// The value of an attribute; of an enumeration, the name of the value.
using AttributeValue = std::variant<bool, int64_t, float, std::string, std::vector<int32_t>, std::vector<float>>;

/// What an op says beside its operands: {"stride_h", 2}, {"padding", "same"}.
struct AttributeInfo {
  std::string name;
  AttributeValue value;
  bool by_default = false;  // what an op has that does not say otherwise
};

struct OpInfo {
  std::string name;         // of its first output, which is the op's in reports and recipes
  std::string op;           // "CONV_2D"
  std::vector<int> inputs;  // tensors by their index, -1 where left out
  std::vector<int> outputs;
  int64_t macs = 0;                       // multiply-accumulates of one run
  std::vector<AttributeInfo> attributes;  // in the order of the op\'s definition; none for ops not known
};

struct GraphInfo {
  std::string name;
  std::vector<int> inputs;  // tensors by their index
  std::vector<int> outputs;
  std::vector<OpInfo> ops;  // in an order of execution
  std::vector<TensorInfo> tensors;
};

struct ModelInfo {
  std::string source;       // the file it was read from
  std::string description;  // the file's own
  int64_t bytes = 0;        // of that file
  int64_t ops = 0;          // these three are over all graphs
  int64_t macs = 0;
  int64_t parameters = 0;  // elements of weights and biases
  int entry = 0;           // the graph of the signature asked for
  std::vector<GraphInfo> graphs;
  std::vector<std::string> signatures;  // their keys
  std::optional<Error> contradiction;   // why `load` refuses the file: ops of it that do not fit together
};

/// `signature` may be empty: the entry is the first graph then. Errors: bad_option (no such signature), limit_exceeded.
NARROW_API Result<ModelInfo> inspect(const Model& model, const std::string& signature = {});

/// The same of a file, even of one that `load` refuses because its ops do not fit together: then `contradiction` says
/// why, and shapes are as far as they are known. Errors: io, bad_option, bad_file (the file cannot be parsed),
/// unsupported (it has another format), limit_exceeded.
NARROW_API Result<ModelInfo> inspect_file(const std::string& path, const LoadOptions& options = {},
                                          const std::string& signature = {});

/// The ops of one type in a file.
struct OpCoverage {
  struct Unsupported {
    std::string name;
    std::string reason;
  };
  std::string op;  // the type as the file's format spells it
  int64_t count = 0;
  std::vector<Unsupported> unsupported;  // those that narrow cannot read or compute, in the order of the file
};

/// What a model file holds, by type of op in alphabetical order, also of a file that `load` refuses because of some of
/// its ops. Errors: io, bad_file, unsupported (another format), limit_exceeded.
NARROW_API Result<std::vector<OpCoverage>> coverage(const std::string& path);

/// What a caller needs to know of a model to run it.
struct ModelSummary {
  std::vector<TensorInfo> inputs;  // of the first graph
  std::vector<TensorInfo> outputs;
  int64_t ops = 0;  // these three are over all graphs
  int64_t macs = 0;
  int64_t parameters = 0;
  int64_t bytes = 0;  // of the file it was read from
};

/// The same as `inspect` in short. Errors: limit_exceeded.
NARROW_API Result<ModelSummary> summarize(const Model& model);

/// A channel of weights that reaches far beyond the others: beyond `kOutlierChannel` times the median of what the
/// channels of its layer reach. With one scale for all channels, the others have more than three bits less than it.
struct OutlierChannel {
  int64_t channel = 0;  // an index of the dimension that counts the layer's output channels
  double largest = 0;   // the largest absolute value in it
  double times = 0;     // the same as a multiple of the median
};

inline constexpr double kOutlierChannel = 8;

/// The distribution of the real values of one constant.
struct WeightHistogram {
  std::string name;
  DType dtype = DType::float32;
  int64_t elements = 0;
  double lo = 0;  // the least and the greatest finite value
  double hi = 0;
  double mean = 0;
  double deviation = 0;  // standard deviation
  int64_t zeros = 0;
  int64_t not_finite = 0;            // these are in no other figure
  std::array<int64_t, 24> counts{};  // of values in equal parts of [lo, hi]
  /// In order; none for what is no layer's weights, and where fewer than four channels hold anything but zeros.
  std::vector<OutlierChannel> outlier_channels;
};

/// Of every parameter of every graph, in order. Errors: limit_exceeded.
NARROW_API Result<std::vector<WeightHistogram>> weight_histograms(const Model& model);

}  // namespace narrow
