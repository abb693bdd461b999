// Float partitions: which ops that only move values stay float, so that conversions are fewest. The cheapest division
// is a minimum cut between the ops that have to be integer and those that have to be float: a tensor costs one
// conversion where its producer and any of its readers are on different sides.
#include <algorithm>
#include <map>
#include <vector>

#include "ops/def/op_def.h"
#include "quantize/plan/activation_params.h"

namespace narrow {
namespace {

constexpr int kInteger = 0, kFloat = 1;  // the two ends of the network
constexpr int kUncuttable = 1 << 29;

/// A flow network, of which a minimum cut is sought.
class Network {
 public:
  Network() : edges_(2) {}

  int add_node() {
    edges_.emplace_back();
    return static_cast<int>(edges_.size()) - 1;
  }
  void connect(int from, int to, int capacity) {
    edges_[at(from)].push_back({to, capacity, edges_[at(to)].size()});
    edges_[at(to)].push_back({from, 0, edges_[at(from)].size() - 1});
  }
  /// For each node, whether it lies on the side of the float end. Of several minimum cuts, the one whose float side is
  /// smallest.
  std::vector<bool> cut() {
    while (augment()) continue;
    std::vector<bool> reaches(edges_.size(), false);
    std::vector<int> open{kFloat};
    reaches[kFloat] = true;
    while (!open.empty()) {
      int const n = open.back();
      open.pop_back();
      for (const Edge& e : edges_[at(n)])
        if (edges_[at(e.to)][e.back].capacity > 0 && !reaches[at(e.to)]) {
          reaches[at(e.to)] = true;
          open.push_back(e.to);
        }
    }
    return reaches;
  }

 private:
  struct Edge {
    int to;
    int capacity;
    size_t back;  // index of the opposite edge among those of `to`
  };
  static size_t at(int n) { return static_cast<size_t>(n); }

  /// Sends one unit along a shortest path with capacity left; false where there is none. Every path crosses the edge of
  /// a tensor, which has capacity one, so a unit is all that it can take.
  bool augment() {
    std::vector<std::pair<int, size_t>> came(edges_.size(), {-1, 0});  // node and edge
    std::vector<int> open{kInteger};
    came[kInteger].first = kInteger;
    for (size_t next = 0; next < open.size() && came[kFloat].first < 0; ++next)
      for (size_t e = 0; e < edges_[at(open[next])].size(); ++e) {
        const Edge& edge = edges_[at(open[next])][e];
        if (edge.capacity <= 0 || came[at(edge.to)].first >= 0) continue;
        came[at(edge.to)] = {open[next], e};
        open.push_back(edge.to);
      }
    if (came[kFloat].first < 0) return false;
    for (int n = kFloat; n != kInteger; n = came[at(n)].first) {
      Edge& e = edges_[at(came[at(n)].first)][came[at(n)].second];
      --e.capacity;
      ++edges_[at(n)][e.back].capacity;
    }
    return true;
  }

  std::vector<std::vector<Edge>> edges_;
};

bool moves_values(const Graph& graph, const Op& op, const Decision& d) {
  if (d.placement == Placement::conversion) return conversion_of(op) == Conversion::fake_quantize;
  if (d.placement != Placement::integer) return false;
  int const ruling = scale_source(graph, op, d.bits);
  return std::find(op.outputs.begin(), op.outputs.end(), ruling) != op.outputs.end();
}

/// Builds the network of a model: nodes are ops and tied groups, the producer and the readers of each tensor.
class FloatPartitions {
 public:
  FloatPartitions(const Model& model, DType io, Decisions& decisions) : model_(model), decisions_(decisions) {
    for (size_t g = 0; g < model.graphs.size(); ++g)
      for (size_t i = 0; i < model.graphs[g].ops.size(); ++i) add_op(static_cast<int>(g), i);
    for (const TiedGroup& group : decisions.tied.all()) add_group(group);
    int const outside = io == DType::float32 ? kFloat : kInteger;
    for (int g : decisions.entries) {
      for (int t : model.graphs[static_cast<size_t>(g)].inputs) makes(outside, {g, t});
      for (int t : model.graphs[static_cast<size_t>(g)].outputs) reads(outside, {g, t});
    }
  }

  void place() {
    for (const auto& [tensor, readers] : readers_) connect(tensor, readers);
    std::vector<bool> const is_float = network_.cut();
    for (const auto& [place, node] : movers_) {
      Decision& d = decisions_.ops[place.first][place.second];
      if (!is_float[static_cast<size_t>(node)]) continue;
      d.reason = "only moves values between float ops; as an integer op it would need more conversions";
      d.placement = Placement::floating;
    }
    for (size_t l = 0; l < groups_.size(); ++l)
      if (is_float[static_cast<size_t>(groups_[l])]) decisions_.tied.all()[l].bits = 0;
  }

 private:
  void add_op(int g, size_t i) {
    const Op& op = model_.graphs[static_cast<size_t>(g)].ops[i];
    const Decision& d = decisions_.of(static_cast<size_t>(g), i);
    if (d.placement == Placement::tied) return;  // its tied groups take part instead
    int node = d.placement == Placement::floating ? kFloat : kInteger;
    if (moves_values(model_.graphs[static_cast<size_t>(g)], op, d))
      movers_[{static_cast<size_t>(g), i}] = node = network_.add_node();
    for (size_t k = 0; k < op.inputs.size(); ++k) reads(node, {g, op.inputs[k]});
    for (int t : op.outputs) makes(node, {g, t});
  }
  void add_group(const TiedGroup& group) {
    int const node = group.bits ? network_.add_node() : kFloat;
    groups_.push_back(node);
    for (TensorRef t : group.reads) reads(node, t);
    for (TensorRef t : group.writes) makes(node, t);
  }
  bool counts(TensorRef t) const {
    if (t.tensor == kNoTensor) return false;
    const Tensor& tensor = model_.graphs[static_cast<size_t>(t.graph)].tensor(t.tensor);
    return tensor.dtype == DType::float32 && !tensor.constant;
  }
  void makes(int node, TensorRef t) {
    if (counts(t)) maker_[t] = node;
  }
  void reads(int node, TensorRef t) {
    if (counts(t)) readers_[t].push_back(node);
  }

  void connect(TensorRef tensor, const std::vector<int>& readers) {
    auto const made = maker_.find(tensor);
    if (made == maker_.end()) return;
    int const dequantized = network_.add_node(), quantized = network_.add_node();
    network_.connect(made->second, dequantized, 1);
    network_.connect(quantized, made->second, 1);
    for (int r : readers) {
      network_.connect(dequantized, r, kUncuttable);
      network_.connect(r, quantized, kUncuttable);
    }
  }

  const Model& model_;
  Decisions& decisions_;
  Network network_;
  std::map<std::pair<size_t, size_t>, int> movers_;  // by graph and op
  std::vector<int> groups_;                          // by tied group: its node; kFloat where it has to be float
  std::map<TensorRef, int> maker_;
  std::map<TensorRef, std::vector<int>> readers_;
};

}  // namespace

void choose_float_partitions(const Model& model, DType io, Decisions& decisions) {
  FloatPartitions(model, io, decisions).place();
}

}  // namespace narrow
