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

struct OpDef;  // ops/def/op_def.h

/// Stands in a list of operands for one that the op leaves out.
inline constexpr int kNoTensor = -1;

/// One operation. `attributes` holds the struct that OpDef::attributes describes; it is empty for an op that has none
/// and for an op that narrow does not know, which `passthrough` carries from file to file unchanged.
struct Op {
  const OpDef* def = nullptr;  // null for an op that narrow does not know
  std::string type;            // the op's name: "CONV_2D", or that of a custom op
  int version = 1;
  std::vector<int> inputs;  // tensor indices, kNoTensor where left out
  std::vector<int> outputs;
  Attributes attributes;
  std::optional<Arithmetic> arithmetic;            // set where the file states more than the types imply
  std::vector<int> intermediates;                  // tensors inside the op, listed only for their quantization
  std::vector<int> graphs;                         // indices in the model of the graphs that the op runs
  std::shared_ptr<const Passthrough> passthrough;  // may be null
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Op> ops;  // in an order in which they can be executed
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::shared_ptr<const Passthrough> passthrough;  // may be null

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

/// An input whose dimensions lie in another order than in its file: dimension i is the file's dimension order[i].
struct FileLayout {
  std::string input;  // the tensor's name
  std::vector<int> order;
};

struct Model {
  std::vector<Graph> graphs;  // the first is run; the others are bodies of ops and other entry points
  std::vector<Signature> signatures;
  std::vector<std::pair<std::string, SharedBytes>> metadata;
  std::string description;
  std::string source;              // path it was read from, for messages
  std::vector<std::string> notes;  // what its reader changed or left out that a user should know, a sentence each
  int64_t file_bytes = 0;
  std::vector<FileLayout> file_layouts;            // of inputs that the reader moved
  std::shared_ptr<const Passthrough> passthrough;  // may be null

  const Graph& main() const { return graphs.front(); }
  Graph& main() { return graphs.front(); }
};

/// A tensor of any graph of a model.
struct TensorRef {
  int graph = 0;
  int tensor = 0;
  auto operator<=>(const TensorRef&) const = default;
};

/// How messages name an op of `graph`: "op 3 (ADD)".
std::string op_label(const Graph& graph, size_t op_index);

/// How messages name a tensor of `graph`: "tensor 7 'conv1/Relu'".
std::string tensor_label(const Graph& graph, int tensor_index);

/// The name by which recipes and reports refer to an op, which is the name of its first output.
const std::string& op_name(const Graph& graph, const Op& op);

/// For each tensor, the index of the op that computes it, or -1.
std::vector<int> producers(const Graph& graph);

/// For each tensor, the ops that read it, in order and without repetition.
std::vector<std::vector<int>> consumers(const Graph& graph);

}  // namespace narrow
