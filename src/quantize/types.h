// What callers of quantize() give and get: options, ranges, outcomes by op.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "calibrate/channel_moments.h"
#include "graph/model.h"
#include "quantize/params.h"
#include "quantize/recipe/recipe.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

struct QuantizeOptions {
  const SchemeDef* scheme = nullptr;         // one of all_schemes()
  Recipe recipe;                             // recipe_of(*scheme) with the rules of the user
  std::optional<DType> io;                   // type of float inputs and outputs; empty: that of the scheme
  bool io_given = false;                     // `io` was asked for: integers of the file take it too
  bool allow_float = false;                  // ops that cannot be integer stay float; otherwise they are an error
  std::vector<int> entries{0};               // graphs that callers enter and whose ranges are known; others stay float
  std::string explain;                       // an op, by name or index, to explain in detail; may be empty
  const MomentsByTensor* moments = nullptr;  // of the inputs of layers; null where they are not known
};

/// What quantization made of one op of the given model.
struct OpOutcome {
  std::string name;  // of its first output
  std::string op;    // "CONV_2D"
  bool quantized = false;
  std::string reason;
  int graph = 0;
  std::string form = {};  // what it computes with now (rewrite/form.h); "float16" where constants are stored so
};

/// Why an operand or result of an op is stored as it is in the quantized model.
struct OperandExplanation {
  std::string role;  // "activation", "weight", "bias", "index"; "result"
  std::string name;
  std::string dtype;
  size_t scales = 0;  // 0 where it has no quantization parameters
  float smallest_scale = 0;
  float largest_scale = 0;
  int32_t zero_point = 0;
  std::optional<Range> range;  // of its own values
  std::string method;          // by which the range was chosen
  std::string origin;          // where its quantization parameters come from
};

/// Everything about what quantization made of one op.
struct OpExplanation {
  OpOutcome outcome;
  size_t index = 0;  // in its graph
  std::vector<OperandExplanation> operands;
  std::string kernel;  // that runs it under the first profile, or why there is none
};

/// A float layer that became integer, whose integers may be chosen anew (search/choose_weights.h).
struct QuantizedLayer {
  int graph = 0;
  size_t source = 0;  // index of the op in the graph of the given model
  size_t now = 0;     // and in that of the quantized model
  LayerSpec spec;
  std::string note = {};  // what the reason of its outcome says of its integers; may be empty
};

/// Likewise an op of several layers.
struct QuantizedParts {
  int graph = 0;
  size_t source = 0;
  size_t now = 0;
  std::vector<PartSpec> parts;
};

struct QuantizedModel {
  Model model;
  std::vector<OpOutcome> ops;
  std::vector<OpExplanation> explanations = {};
  std::vector<std::string> warnings = {};   // of values that are lost, a line each
  std::vector<QuantizedLayer> layers = {};  // in the order of graphs and ops, as is the next
  std::vector<QuantizedParts> parts = {};
};

/// The range to represent for a tensor at a width in bits, by a range method ("minmax", "percentile:99.9").
using RangeOf = std::function<Result<Range>(TensorRef tensor, const std::string& method, int bits)>;

}  // namespace narrow
