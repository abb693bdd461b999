// The constants of a model as they leave narrow: each with a name, a layout and who reads it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emit/constants/layout.h"
#include "graph/model.h"
#include "ops/def/quant_rule.h"

namespace narrow {

/// An op that reads a constant, directly or by way of a DEQUANTIZE (float16 weights).
struct Reader {
  size_t op = 0;  // in the constant's graph
  size_t operand = 0;
  Role role = Role::activation;
};

struct Constant {
  TensorRef at;
  const Tensor* tensor = nullptr;
  std::string name;  // a plain name that no other constant has
  std::vector<Reader> readers;
  Layout layout;
  std::vector<int32_t> shape;  // in this layout
  std::optional<int> axis;     // of the scales, in this layout; none where there is one scale or none
  std::string left_out;        // why its values cannot be written as numbers; empty where they can

  /// Its values in the layout's order, dense.
  SharedBytes values() const { return arranged(*tensor, layout); }
  /// "weights", "bias", or neither.
  const char* role() const;
};

/// All constants of all graphs, in order. They refer to the model.
std::vector<Constant> list_constants(const Model& model, const LayoutChoice& choice);

/// For each tensor the constant that it is or is dequantized from; kNoTensor for those that are computed.
std::vector<int> constant_sources(const Graph& graph);

}  // namespace narrow
