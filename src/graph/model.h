// Model: graphs of typed ops over typed tensors. Float and quantized models are the same type.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "graph/arithmetic.h"
#include "graph/attributes.h"
#include "graph/tensor.h"

namespace narrow {

struct OpDef;  // ops/op_def.h

/// Index of an operand an op leaves out.
inline constexpr int kNoTensor = -1;

/// One operation. `attributes` holds the struct that OpDef::attributes describes; it is empty for an op that has none
/// and for an op that narrow does not know, which is carried from file to file by `foreign`.
struct Op {
  const OpDef* def = nullptr;  // null: not known to narrow
  std::string type;            // the format's spelling: "CONV_2D", or a custom op's own name
  int version = 1;
  std::vector<int> inputs;  // tensor indices, kNoTensor where left out
  std::vector<int> outputs;
  Attributes attributes;
  std::optional<Arithmetic> arithmetic;    // where the file says more than its types do
  std::vector<int> intermediates;          // tensors inside the op that are listed for their quantization only
  std::vector<int> graphs;                 // bodies and conditions that the op runs, as indices in the model
  std::shared_ptr<const Foreign> foreign;  // may be null
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Op> ops;  // in an order of execution
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::shared_ptr<const Foreign> foreign;  // may be null

  const Tensor& tensor(int index) const { return tensors[static_cast<size_t>(index)]; }
  Tensor& tensor(int index) { return tensors[static_cast<size_t>(index)]; }
};

/// Names by which a caller finds the inputs and outputs of one graph.
struct Signature {
  std::string key;
  int graph = 0;
  std::vector<std::pair<std::string, int>> inputs;  // name, tensor index
  std::vector<std::pair<std::string, int>> outputs;
};

struct Model {
  std::vector<Graph> graphs;  // the first is the one that is run; the others are bodies and other entry points
  std::vector<Signature> signatures;
  std::vector<std::pair<std::string, SharedBytes>> metadata;
  std::string description;
  std::string source;  // path it was read from, for messages
  int64_t file_bytes = 0;
  std::shared_ptr<const Foreign> foreign;  // may be null

  const Graph& main() const { return graphs.front(); }
  Graph& main() { return graphs.front(); }
};

/// A tensor of any graph of a model.
struct TensorRef {
  int graph = 0;
  int tensor = 0;
  auto operator<=>(const TensorRef&) const = default;
};

/// "op 3 (ADD)": how messages name an op of `graph`.
std::string op_label(const Graph& graph, size_t op_index);

/// "tensor 7 'conv1/Relu'": how messages name a tensor of `graph`.
std::string tensor_label(const Graph& graph, int tensor_index);

/// The name by which recipes, reports and explanations know an op: that of its first output.
const std::string& op_name(const Graph& graph, const Op& op);

/// For each tensor, the index of the op that computes it, or -1.
std::vector<int> producers(const Graph& graph);

/// For each tensor, the ops that read it, in order, each once.
std::vector<std::vector<int>> consumers(const Graph& graph);

}  // namespace narrow
