// Where values pass from graph to graph, by WHILE, IF and CALL, or from op to op through a variable.
#pragma once

#include <map>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// An op of any graph of a model.
struct OpRef {
  size_t graph = 0;
  size_t op = 0;
  auto operator<=>(const OpRef&) const = default;
};

/// Tensors of one or several graphs that hold one float32 value in turn: a loop variable, an operand or result of a
/// branch or call, what a variable is given and read as. They have one form, since no runtime converts on the way.
struct TiedGroup {
  std::vector<TensorRef> reads;   // whose values enter it: operands, outputs of the graphs that an op runs
  std::vector<TensorRef> writes;  // which take them from it: inputs of those graphs, results
  int bits = 0;                   // 8 or 16; 0 where it stays float
  int graph = 0;                  // of the first op that it belongs to
  size_t op = 0;
};

/// Whether `op` hands values on, and narrow knows how: to and from the graphs that it runs, or a variable.
bool passes_tied_values(const Op& op);

/// All links of a model.
class TiedTensors {
 public:
  explicit TiedTensors(const Model& model);

  std::vector<TiedGroup>& all() { return groups_; }
  const std::vector<TiedGroup>& all() const { return groups_; }

  /// The link that operand or result i of an op of `graph` belongs to, or that of an input or output of the graphs run
  /// by one; null where there is none (integers, conditions, graphs that no op runs).
  const TiedGroup* operand(int graph, const Op& op, size_t i) const;
  const TiedGroup* result(int graph, const Op& op, size_t i) const;
  const TiedGroup* input(int graph, size_t i) const { return at(inputs_, graph, i); }
  const TiedGroup* output(int graph, size_t i) const { return at(outputs_, graph, i); }

 private:
  using Ports = std::vector<std::vector<int>>;  // by graph and position, the link or -1

  void add_graph_runs(const Model& model);
  void add_variables(const Model& model);
  const TiedGroup* variable(int graph, const Op& op) const;
  const TiedGroup* at(const Ports& ports, int graph, size_t i) const;

  std::vector<TiedGroup> groups_;
  Ports inputs_, outputs_;
  std::map<TensorRef, size_t> handles_;  // the link of the variable that a handle stands for
};

/// For each graph, whether running `entries` may run it.
std::vector<bool> graphs_run(const Model& model, const std::vector<int>& entries);

}  // namespace narrow
