#include "simplify/needed_channels.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "ops/def/operand_with.h"

namespace narrow {
namespace {

constexpr int kFewest = 2;  // channels that stay

/// Tensors that lose the same channels: sets of tensors, and for each set into how many classes their channels fall.
/// Channel c of any tensor of a set belongs to class c modulo that number.
class ChannelSets {
 public:
  explicit ChannelSets(size_t tensors) : next_(tensors), classes_(tensors, 0) {
    std::iota(next_.begin(), next_.end(), 0);
  }
  void add(int tensor, int channels) {
    auto& classes = classes_[static_cast<size_t>(of(tensor))];
    classes = std::gcd(classes, channels);
  }
  void join(int a, int b) {
    int const from = of(a), to = of(b);
    next_[static_cast<size_t>(from)] = to;
    add(to, classes(from));
  }
  int of(int tensor) {
    while (next_[static_cast<size_t>(tensor)] != tensor) tensor = next_[static_cast<size_t>(tensor)];
    return tensor;
  }
  int classes(int set) const { return classes_[static_cast<size_t>(set)]; }

 private:
  std::vector<int> next_;
  std::vector<int> classes_;
};

/// Whether a bias of that type holds all integers up to a magnitude.
bool holds(DType dtype, int64_t magnitude) {
  switch (dtype) {
    case DType::int8:
      return magnitude <= std::numeric_limits<int8_t>::max();
    case DType::int16:
      return magnitude <= std::numeric_limits<int16_t>::max();
    case DType::int32:
      return magnitude <= std::numeric_limits<int32_t>::max();
    default:
      return true;
  }
}

class NeededChannels {
 public:
  NeededChannels(const Graph& graph, const ChannelRanges& channels)
      : graph_(graph), channels_(channels), sets_(graph.tensors.size()) {}

  std::vector<std::vector<bool>> run() {
    make_sets();
    needed_.resize(graph_.tensors.size());
    for (size_t t = 0; t < graph_.tensors.size(); ++t)
      if (has_place(static_cast<int>(t)) && sets_.of(static_cast<int>(t)) == static_cast<int>(t))
        needed_[t].assign(static_cast<size_t>(sets_.classes(static_cast<int>(t))), false);
    for (int t : fixed_) need_all(t);
    follow();
    keep_fewest();
    return by_tensor();
  }

 private:
  /// A layer whose sums go over all channels of its input.
  struct Layer {
    LayerSums sums;
    size_t op;
    int data;
    int result;
  };
  struct ClassRef {
    int set;
    int index;
  };

  bool has_place(int t) const { return t != kNoTensor && has_channels(graph_.tensor(t)) && !graph_.tensor(t).constant; }

  void fix(const std::vector<int>& tensors) {
    for (int t : tensors)
      if (has_place(t)) fixed_.push_back(t);
  }

  void make_sets() {
    for (size_t t = 0; t < graph_.tensors.size(); ++t)
      if (has_place(static_cast<int>(t))) sets_.add(static_cast<int>(t), graph_.tensors[t].shape.back());
    fix(graph_.inputs);
    fix(graph_.outputs);
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      const Op& op = graph_.ops[i];
      switch (channels_.flows[i]) {
        case ChannelFlow::mixed:
          fix(op.inputs);
          fix(op.outputs);
          break;
        case ChannelFlow::apart:
        case ChannelFlow::rising:
          join_operands(op);
          break;
        case ChannelFlow::layer:
        case ChannelFlow::bordered:
          add_layer(i);
      }
    }
  }

  /// Constants are broadcast, or have as many channels as the classes go into.
  void join_operands(const Op& op) {
    int const result = op.outputs[0];
    for (size_t k = 0; k < op.inputs.size(); ++k) {
      int const t = op.inputs[k];
      if (t == kNoTensor || op.def->quant.role(k) != Role::activation) continue;
      const Shape& shape = graph_.tensor(t).shape;
      if (!graph_.tensor(t).constant)
        sets_.join(t, result);
      else if (shape.rank() > 0 && shape.back() != 1)
        sets_.add(result, shape.back());
    }
  }

  void add_layer(size_t index) {
    const Op& op = graph_.ops[index];
    LayerSums sums(OpView{graph_, op}, channels_.flows[index]);
    int const data = op.inputs[static_cast<size_t>(operand_with(op, Role::activation))];
    int const result = op.outputs[0];
    if (!sums.one_by_one()) {
      layers_.push_back({std::move(sums), index, data, result});
    } else if (sums.outputs() == sums.inputs()) {
      sets_.join(data, result);
    } else {
      fix({data, result});
    }
  }

  void need(int tensor, int channel) {
    int const set = sets_.of(tensor);
    int const index = channel % sets_.classes(set);
    auto&& needed = needed_[static_cast<size_t>(set)][static_cast<size_t>(index)];
    if (needed) return;
    needed = true;
    open_.push_back({set, index});
  }

  void need_all(int tensor) {
    for (int c = 0; c < sets_.classes(sets_.of(tensor)); ++c) need(tensor, c);
  }

  /// Until nothing more is needed of what is needed.
  void follow() {
    while (!open_.empty()) {
      ClassRef const next = open_.back();
      open_.pop_back();
      for (const Layer& layer : layers_) {
        if (sets_.of(layer.result) != next.set) continue;
        for (int o = next.index; o < layer.sums.outputs(); o += sets_.classes(next.set)) follow(layer, o);
      }
    }
  }

  void follow(const Layer& layer, int output) {
    std::vector<ChannelTerm> const terms = layer.sums.terms(output);
    bool const takes = bias_takes(layer, output, terms);
    for (size_t i = 0; i < terms.size(); ++i) {
      if (!terms[i].used()) continue;
      int const channel = layer.sums.channel_of(static_cast<int>(i));
      ChannelRange const added = layer.sums.reach(terms[i], range(layer, channel));
      bool const nothing = added.constant() && added.lo == 0;
      if (!nothing && !(added.constant() && takes)) need(layer.data, channel);
    }
  }

  const ChannelRange& range(const Layer& layer, int channel) const {
    return channels_.ranges[static_cast<size_t>(layer.data)][static_cast<size_t>(channel)];
  }

  /// Whether the bias has room for what any of the constant channels add.
  bool bias_takes(const Layer& layer, int output, const std::vector<ChannelTerm>& terms) const {
    OpView const view{graph_, graph_.ops[layer.op]};
    int64_t const step = channels_.bias_steps[layer.op][static_cast<size_t>(output)];
    if (step == 0) return false;
    int64_t most = std::abs(stored_bias(view, layer.sums.outputs())[static_cast<size_t>(output)]);
    for (size_t i = 0; i < terms.size(); ++i) {
      ChannelRange const added = layer.sums.reach(terms[i], range(layer, layer.sums.channel_of(static_cast<int>(i))));
      if (!added.constant()) continue;
      if (added.lo % step != 0) return false;
      most += std::abs(added.lo) / step;
    }
    return holds(bias_type(view), most);
  }

  void keep_fewest() {
    for (size_t set = 0; set < needed_.size(); ++set)
      for (size_t c = 0; c < needed_[set].size(); ++c) {
        if (std::ranges::count(needed_[set], true) >= kFewest) break;
        need(static_cast<int>(set), static_cast<int>(c));
        follow();
      }
  }

  std::vector<std::vector<bool>> by_tensor() {
    std::vector<std::vector<bool>> out(graph_.tensors.size());
    for (size_t t = 0; t < out.size(); ++t) {
      if (!has_place(static_cast<int>(t))) continue;
      auto const& needed = needed_[static_cast<size_t>(sets_.of(static_cast<int>(t)))];
      if (std::ranges::all_of(needed, [](bool b) { return b; })) continue;
      for (int c = 0; c < graph_.tensors[t].shape.back(); ++c)
        out[t].push_back(needed[static_cast<size_t>(c) % needed.size()]);
    }
    return out;
  }

  const Graph& graph_;
  const ChannelRanges& channels_;
  ChannelSets sets_;
  std::vector<int> fixed_;  // tensors that keep all channels
  std::vector<Layer> layers_;
  std::vector<std::vector<bool>> needed_;  // by the tensor that stands for the set, and class
  std::vector<ClassRef> open_;             // needed, but not what they need
};

}  // namespace

std::vector<std::vector<bool>> needed_channels(const Graph& graph, const ChannelRanges& channels) {
  return NeededChannels(graph, channels).run();
}

}  // namespace narrow
