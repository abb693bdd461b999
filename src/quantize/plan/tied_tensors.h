// Tied tensors: float tensors that hold one value in turn, because WHILE, IF and CALL pass it from graph to graph or a
// variable passes it from op to op. No runtime converts on the way, so they have one type and the same parameters.
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

/// The tensors of one loop variable, one operand or result of a branch or call, or one variable. Each is float32.
struct TiedGroup {
  std::vector<TensorRef> reads;   // whose values are passed on: operands of such ops, outputs of graphs that ops run
  std::vector<TensorRef> writes;  // that receive them: inputs of those graphs, results of such ops
  int bits = 0;                   // 8 or 16; 0 where they stay float
  int graph = 0;                  // of the first op that the group belongs to
  size_t op = 0;                  // that op
};

/// Whether an op passes values on as they are: to and from the graphs that it runs, or to and from a variable.
bool passes_values_on(const Op& op);

/// All tied groups of a model.
class TiedTensors {
 public:
  explicit TiedTensors(const Model& model);

  std::vector<TiedGroup>& all() { return groups_; }
  const std::vector<TiedGroup>& all() const { return groups_; }

  /// The group that operand or result i of an op in `graph` belongs to, or input or output i of `graph` itself. Null
  /// for tensors that are not tied: integers, conditions, graphs that no op runs.
  const TiedGroup* operand(int graph, const Op& op, size_t i) const;
  const TiedGroup* result(int graph, const Op& op, size_t i) const;
  const TiedGroup* input(int graph, size_t i) const { return at(inputs_, graph, i); }
  const TiedGroup* output(int graph, size_t i) const { return at(outputs_, graph, i); }

 private:
  using Ports = std::vector<std::vector<int>>;  // by graph and position: the group, or -1

  void add_graph_runs(const Model& model);
  void add_variables(const Model& model);
  const TiedGroup* of_variable(int graph, const Op& op) const;
  const TiedGroup* at(const Ports& ports, int graph, size_t i) const;

  std::vector<TiedGroup> groups_;
  Ports inputs_, outputs_;
  std::map<TensorRef, size_t> handles_;  // the group of the variable that a handle stands for
};

/// By graph: whether running `entries` may run it.
std::vector<bool> graphs_run(const Model& model, const std::vector<int>& entries);

}  // namespace narrow
