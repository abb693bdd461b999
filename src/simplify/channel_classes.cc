#include "simplify/channel_classes.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/disjoint_sets.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "simplify/layer_sums.h"

namespace narrow {
namespace {

/// The classes of one graph in the making.
class Classes {
 public:
  Classes(const Model& model, int entry)
      : graph_(model.graphs[static_cast<size_t>(entry)]), sets_(graph_.tensors.size()), fixed_(graph_.tensors.size()) {
    for (const Op& op : graph_.ops)
      for (int t : op.inputs)
        if (t != kNoTensor) ++readers_[t];
    for (int t : graph_.inputs) fix(t);
    for (int t : graph_.outputs) fix(t);
    for (const Op& op : graph_.ops) join(op);
  }

  std::vector<ChannelClass> take() {
    std::map<size_t, ChannelClass> found;  // by root
    for (size_t t = 0; t < fixed_.size(); ++t)
      if (fixed_[t]) blocked_[sets_.root(t)] = true;
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      if (!is_layer(graph_.ops[i])) continue;
      size_t const from = sets_.root(data_of(graph_.ops[i])), to = sets_.root(result_of(graph_.ops[i]));
      if (!blocked_[to]) found[to].writers.push_back(i);
      if (!blocked_[from]) found[from].readers.push_back(i);
    }
    std::vector<ChannelClass> out;
    for (auto& [root, c] : found) {
      if (c.writers.empty() || c.readers.empty()) continue;
      for (size_t t = 0; t < fixed_.size(); ++t)
        if (sets_.root(t) == root) {
          c.tensors.push_back(static_cast<int>(t));
          c.channels = std::gcd(c.channels, last_of(t));
        }
      if (c.channels > 1) out.push_back(std::move(c));
    }
    return out;
  }

 private:
  int last_of(size_t t) const { return graph_.tensors[t].shape.rank() > 0 ? graph_.tensors[t].shape.back() : 1; }
  static size_t data_of(const Op& op) { return at(op, Role::activation); }
  static size_t result_of(const Op& op) { return static_cast<size_t>(op.outputs.front()); }
  static size_t at(const Op& op, Role role) {
    return static_cast<size_t>(op.inputs[static_cast<size_t>(operand_with(op, role))]);
  }
  void fix(int t) {
    if (t != kNoTensor) fixed_[static_cast<size_t>(t)] = true;
  }

  bool scales(const Op& op) const {
    Activation const a = stated_activation(op);
    return a == Activation::none || a == Activation::relu;
  }
  bool own_float_constant(int t) const {
    const Tensor& tensor = graph_.tensor(t);
    return tensor.constant && !tensor.opaque && tensor.dtype == DType::float32 && readers_.at(t) == 1;
  }
  /// Whether an op is a layer whose weights can take factors.
  bool is_layer(const Op& op) const {
    if (!op.def || op.def->weight_layout == WeightLayout::none || !op.def->channels || !scales(op)) return false;
    ChannelFlow const flow = op.def->channels(OpView{graph_, op});
    if (flow != ChannelFlow::layer && flow != ChannelFlow::bordered) return false;
    for (Role role : {Role::weight, Role::bias})
      if (int const i = operand_with(op, role);
          i != kNoTensor && !own_float_constant(op.inputs[static_cast<size_t>(i)]))
        return false;
    return operand_with(op, Role::weight) != kNoTensor && graph_.tensors[data_of(op)].dtype == DType::float32;
  }

  void join(const Op& op) {
    if (is_layer(op)) return;
    bool const passes = op.def && op.def->scaling_operands > 0 && scales(op) && op.outputs.size() == 1 &&
                        op.def->channels(OpView{graph_, op}) != ChannelFlow::mixed;
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      int const t = op.inputs[i];
      if (t == kNoTensor || (op.def && op.def->quant.role(i) == Role::index)) continue;
      if (passes && static_cast<int>(i) >= op.def->scaling_operands) continue;
      if (!passes || graph_.tensor(t).constant)
        fix(t);
      else
        sets_.join(static_cast<size_t>(t), result_of(op));
      if (passes && graph_.tensor(t).constant) fix(op.outputs.front());
    }
    if (!passes)
      for (int t : op.outputs) fix(t);
  }

  const Graph& graph_;
  std::map<int, int> readers_;
  DisjointSets sets_;
  std::vector<bool> fixed_;         // by tensor
  std::map<size_t, bool> blocked_;  // by root
};

void multiply(Tensor& constant, const std::vector<double>& by_element) {
  auto const v = constant.values<float>();
  std::vector<float> out(v.size());
  for (size_t i = 0; i < v.size(); ++i) out[i] = static_cast<float>(static_cast<double>(v[i]) * by_element[i]);
  constant.data = SharedBytes::copy_of(std::span<const float>(out));
}

}  // namespace

std::vector<ChannelClass> channel_classes(const Model& model, int entry) {
  return Classes(model, entry).take();
}

Model scale_channels(const Model& model, int entry, const std::vector<ChannelClass>& classes,
                     const std::vector<ChannelFactors>& factors) {
  Model out = model;
  Graph& graph = out.graphs[static_cast<size_t>(entry)];
  auto weights = [&](size_t op) -> Tensor& {
    return graph.tensors[static_cast<size_t>(
        graph.ops[op].inputs[static_cast<size_t>(operand_with(graph.ops[op], Role::weight))])];
  };
  for (size_t k = 0; k < classes.size(); ++k) {
    const ChannelFactors& f = factors[k];
    for (size_t op : classes[k].writers) {
      LayerSums const sums(OpView{graph, graph.ops[op]}, ChannelFlow::layer);
      std::vector<double> by(static_cast<size_t>(weights(op).elements()));
      for (size_t e = 0; e < by.size(); ++e)
        by[e] = f[static_cast<size_t>(sums.output_of(static_cast<int64_t>(e))) % f.size()];
      multiply(weights(op), by);
      int const bias = operand_with(graph.ops[op], Role::bias);
      if (bias == kNoTensor) continue;
      Tensor& b = graph.tensors[static_cast<size_t>(graph.ops[op].inputs[static_cast<size_t>(bias)])];
      by.resize(static_cast<size_t>(b.elements()));
      for (size_t c = 0; c < by.size(); ++c) by[c] = f[c % f.size()];
      multiply(b, by);
    }
    for (size_t op : classes[k].readers) {
      LayerSums const sums(OpView{graph, graph.ops[op]}, ChannelFlow::layer);
      std::vector<double> by(static_cast<size_t>(weights(op).elements()));
      for (size_t e = 0; e < by.size(); ++e)
        by[e] = 1 / f[static_cast<size_t>(sums.channel_of(sums.input_of(static_cast<int64_t>(e)))) % f.size()];
      multiply(weights(op), by);
    }
  }
  return out;
}

}  // namespace narrow
