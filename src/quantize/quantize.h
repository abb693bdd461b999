// quantize: a float model and what is known of its values become a quantized model.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "calibrate/channel_moments.h"
#include "graph/model.h"
#include "quantize/params.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

struct QuantizeOptions {
  const Scheme* scheme = nullptr;  // one of all_schemes()
  Recipe recipe;                   // recipe_of(*scheme) and what the user adds
  std::optional<DType> io;         // type of float inputs and outputs; the scheme's where not given
  bool allow_float = false;        // ops without an integer form stay float instead of being an error
  std::vector<int> entries{0};     // graphs that callers enter, of whose tensors ranges are known; others stay float
  std::string explain;             // an op to tell everything about, by name or index; may be empty
  const MomentsByTensor* moments = nullptr;  // of what layers read, as far as they are known
};

/// What became of one op of the model that was given.
struct OpOutcome {
  std::string name;  // of its first output
  std::string op;
  bool quantized = false;
  std::string reason;
  int graph = 0;
};

/// Why an operand or result of an op is what it is in the quantized model.
struct OperandExplanation {
  std::string role;  // "activation", "weight", "bias", "index"; "result"
  std::string name;
  std::string dtype;
  size_t scales = 0;  // 0 where it has none
  float smallest_scale = 0;
  float largest_scale = 0;
  int32_t zero_point = 0;
  std::optional<Range> range;  // of its own values
  std::string method;          // how the range came from statistics
  std::string origin;          // where the params comes from
};

/// Everything about what has become of one op.
struct OpExplanation {
  OpOutcome outcome;
  size_t index = 0;  // in its graph
  std::vector<OperandExplanation> operands;
  std::string kernel;  // that runs it under the first profile, or why none does
};

struct QuantizedModel {
  Model model;
  std::vector<OpOutcome> ops;
  std::vector<OpExplanation> explanations = {};
};

/// The range to represent of a tensor, chosen by a range method ("minmax") for a width in bits.
using RangeOf = std::function<Result<Range>(TensorRef tensor, const std::string& method, int bits)>;

/// Quantizes the entries and the graphs that they run; ops of all graphs are reported, in order. `range_of` is asked
/// only by integer schemes and may be empty for the others. unsupported names every op that has no integer form where
/// the scheme needs one and `allow_float` is off.
Result<QuantizedModel> quantize(const Model& model, const RangeOf& range_of, const QuantizeOptions& options);

}  // namespace narrow
