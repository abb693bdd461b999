// Body: the nodes of a TensorFlow graph or function, by index, with what they read.
#pragma once

#include <graphdef.pb.h>

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "read/graphdef/value.h"

namespace narrow::graphdef {

/// A result of a node.
struct Source {
  int node = -1;  // -1: there is no such node
  int port = 0;
  auto operator<=>(const Source&) const = default;
};

struct BodyNode {
  const tf_format::NodeDef* def = nullptr;  // null for an argument of a function
  std::string name;
  std::vector<Source> inputs;
  std::vector<int> controls;  // nodes that only have to run before; -1 where there is none of that name
};

/// A while loop as TensorFlow 1 has it: values come in at Enter nodes, go round by way of NextIteration and Merge
/// nodes, and leave at Exit nodes.
struct Loop {
  std::vector<int> enters;
  std::vector<int> inside;  // all nodes of the loop but Enter and Exit, each after what it reads, back edges aside
  std::vector<int> exits;
  int condition = -1;  // the LoopCond node
};

class Body {
 public:
  /// bad_file for two nodes of one name; unsupported for loops inside of loops. The messages must outlive the body.
  static Result<Body> of_graph(const tf_format::GraphDef& graph);
  static Result<Body> of_function(const tf_format::FunctionDef& function);

  const std::vector<BodyNode>& nodes() const { return nodes_; }
  const BodyNode& node(int index) const { return nodes_[static_cast<size_t>(index)]; }
  size_t arguments() const { return arguments_; }
  /// What a function gives back, in order; empty for a graph.
  const std::vector<Source>& results() const { return results_; }
  /// The node of that name, or -1.
  int find(std::string_view name) const;
  /// What "node", "node:1" (in a graph) or "node:result:0" (in a function) mean; node -1 where there is none.
  Source source(std::string_view reference) const;
  /// The loop that an Exit node ends, or null.
  const Loop* loop_ending_at(int node) const;
  /// Whether a node is inside of a loop, where its values change.
  bool in_loop(int node) const { return inside_[static_cast<size_t>(node)] >= 0; }

  /// The nodes that `wanted` need, each after all that it reads, and otherwise in the order of the file; those inside
  /// of loops are left out, and so is what only `given` results need. `controls`: also those that only have to run
  /// before. bad_file where a node reads one that is not there, or nodes read each other in a circle.
  Result<std::vector<int>> order(const std::vector<Source>& wanted, const std::map<Source, Value>& given,
                                 bool controls) const;

 private:
  Status add_node(const tf_format::NodeDef* def, std::string name);
  void connect();
  Status find_loops();
  std::vector<int> needs(int node, const std::map<Source, Value>& given, bool controls) const;
  Result<std::vector<int>> sorted(const std::vector<char>& chosen, const std::map<Source, Value>& given, bool controls,
                                  bool within_loop) const;

  bool function_ = false;
  size_t arguments_ = 0;
  std::vector<BodyNode> nodes_;
  std::vector<Source> results_;
  std::unordered_map<std::string, int> by_name_;
  std::vector<int> inside_;  // by node: the loop that it is part of, -1 for none; Exit nodes are outside
  std::vector<Loop> loops_;
  std::map<int, int> ends_;  // by Exit node: the loop
};

}  // namespace narrow::graphdef
