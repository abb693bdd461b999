// Where values pass from graph to graph: operands and results of WHILE, IF and CALL.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// Tensors of several graphs that hold one float32 value in turn: a loop variable, or an operand or result of a branch
/// or call. They have one form, since no runtime converts between graphs.
struct Link {
  std::vector<TensorRef> reads;   // whose values enter it: the op's operands, the outputs of the graphs it runs
  std::vector<TensorRef> writes;  // which take them from it: inputs of those graphs, the op's results
  int bits = 0;                   // 8 or 16; 0 where it stays float
  int graph = 0;                  // of the first op that it belongs to
  size_t op = 0;
};

/// Whether narrow knows how `op` hands values to the graphs that it runs.
bool is_control(const Op& op);

/// All links of a model.
class Links {
 public:
  explicit Links(const Model& model);

  std::vector<Link>& all() { return links_; }
  const std::vector<Link>& all() const { return links_; }

  /// The link that operand or result i of a control op belongs to, or that of an input or output of the graphs run by
  /// one; null where there is none (integers, conditions, graphs that no op runs).
  const Link* operand(const Op& op, size_t i) const;
  const Link* result(const Op& op, size_t i) const;
  const Link* input(int graph, size_t i) const { return at(inputs_, graph, i); }
  const Link* output(int graph, size_t i) const { return at(outputs_, graph, i); }

 private:
  using Ports = std::vector<std::vector<int>>;  // by graph and position, the link or -1

  const Link* at(const Ports& ports, int graph, size_t i) const;

  std::vector<Link> links_;
  Ports inputs_, outputs_;
};

/// For each graph, whether running the first one may run it.
std::vector<bool> graphs_run(const Model& model);

}  // namespace narrow
