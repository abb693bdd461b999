#include <algorithm>

#include "graph/edit.h"
#include "ops/def/operand_with.h"
#include "simplify/needed_channels.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

/// By channel whether it stays; empty where all do.
using Kept = std::vector<bool>;

size_t count(const Kept& kept) {
  return static_cast<size_t>(std::ranges::count(kept, true));
}

/// The elements of `list` that stay.
template <class T>
std::vector<T> chosen(const std::vector<T>& list, const Kept& kept) {
  std::vector<T> out;
  for (size_t i = 0; i < list.size(); ++i)
    if (kept[i]) out.push_back(list[i]);
  return out;
}

/// The stored elements that stay, those where `keep(element)` holds.
template <class F>
SharedBytes chosen_elements(const Tensor& t, F keep) {
  size_t const bytes = element_bytes(t.dtype);
  Bytes out;
  for (int64_t e = 0; e < t.elements(); ++e) {
    if (!keep(e)) continue;
    const std::byte* const at = t.data.data() + static_cast<size_t>(e) * bytes;
    out.insert(out.end(), at, at + bytes);
  }
  return SharedBytes(std::move(out));
}

/// Scales by channel that stay; one for all stays as it is.
void choose_scales(Quantization& q, const Kept& kept) {
  if (!q.per_axis()) return;
  q.scales = chosen(q.scales, kept);
  if (!q.zero_points.empty()) q.zero_points = chosen(q.zero_points, kept);
}

Status set_dimension(Tensor& t, int axis, size_t size) {
  std::vector<int32_t> dims(t.shape.dims().begin(), t.shape.dims().end());
  dims[static_cast<size_t>(axis)] = static_cast<int32_t>(size);
  NARROW_TRY(t.shape, Shape::make(dims));
  if (!t.shape_signature.empty()) t.shape_signature[static_cast<size_t>(axis)] = static_cast<int32_t>(size);
  return {};
}

template <class Int>
SharedBytes narrowed(const std::vector<int64_t>& values) {
  std::vector<Int> const out(values.begin(), values.end());
  return SharedBytes::copy_of(std::span<const Int>(out));
}

SharedBytes as_type(DType dtype, const std::vector<int64_t>& values) {
  if (dtype == DType::int8) return narrowed<int8_t>(values);
  if (dtype == DType::int16) return narrowed<int16_t>(values);
  return dtype == DType::int32 ? narrowed<int32_t>(values) : narrowed<int64_t>(values);
}

class ChannelRemover {
 public:
  ChannelRemover(Graph& graph, const ChannelRanges& channels, const std::vector<Kept>& kept)
      : graph_(graph), channels_(channels), kept_(kept), readers_(graph.tensors.size(), 0) {
    for (const Op& op : graph.ops)
      for (int t : op.inputs)
        if (t != kNoTensor) ++readers_[static_cast<size_t>(t)];
    for (int t : graph.outputs) ++readers_[static_cast<size_t>(t)];
  }

  Status run() {
    std::vector<Op*> changed;
    for (size_t i = 0; i < graph_.ops.size(); ++i) {
      Op& op = graph_.ops[i];
      if (!loses_channels(op)) continue;
      changed.push_back(&op);
      bool const summed = channels_.flows[i] == ChannelFlow::layer || channels_.flows[i] == ChannelFlow::bordered;
      NARROW_CHECK(summed ? cut_layer(i) : cut_constants(op));
    }
    for (size_t t = 0; t < kept_.size(); ++t)
      if (!kept_[t].empty())
        NARROW_CHECK(set_dimension(graph_.tensors[t], graph_.tensors[t].shape.rank() - 1, count(kept_[t])));
    for (Op* op : changed)
      if (op->def->fit_channels) op->def->fit_channels(graph_, *op);
    return {};
  }

 private:
  const Kept& kept(int tensor) const { return kept_[static_cast<size_t>(tensor)]; }

  bool loses_channels(const Op& op) const {
    auto const loses = [&](int t) { return t != kNoTensor && !kept(t).empty(); };
    return std::ranges::any_of(op.inputs, loses) || std::ranges::any_of(op.outputs, loses);
  }

  /// Puts a constant in the place of an operand; other ops that read the same one keep it as it was.
  void replace(Op& op, size_t slot, Tensor constant) {
    constant.passthrough = nullptr;
    op.inputs.resize(std::max(op.inputs.size(), slot + 1), kNoTensor);
    int& at = op.inputs[slot];
    if (at != kNoTensor && readers_[static_cast<size_t>(at)] == 1)
      graph_.tensor(at) = std::move(constant);
    else
      at = add_tensor(graph_, std::move(constant));
  }

  /// Constant operands of an op that keeps channels apart, where they are not broadcast.
  Status cut_constants(Op& op) {
    Kept const kept = this->kept(op.outputs[0]);
    for (size_t slot = 0; slot < op.inputs.size(); ++slot) {
      int const t = op.inputs[slot];
      if (t == kNoTensor || op.def->quant.role(slot) != Role::activation) continue;
      Tensor constant = graph_.tensor(t);
      if (!constant.constant || constant.shape.rank() == 0 || constant.shape.back() == 1) continue;
      constant.data = chosen_elements(constant, [&](int64_t e) { return kept[static_cast<size_t>(e) % kept.size()]; });
      NARROW_CHECK(set_dimension(constant, constant.shape.rank() - 1, count(kept)));
      replace(op, slot, std::move(constant));
    }
    return {};
  }

  Status cut_layer(size_t index) {
    Op& op = graph_.ops[index];
    LayerSums const layer({graph_, op}, channels_.flows[index]);
    auto const weight_slot = static_cast<size_t>(operand_with(op, Role::weight));
    Kept inputs(static_cast<size_t>(layer.inputs()), true), outputs(static_cast<size_t>(layer.outputs()), true);
    int const data = op.inputs[static_cast<size_t>(operand_with(op, Role::activation))];
    for (size_t i = 0; i < inputs.size() && !kept(data).empty(); ++i)
      inputs[i] = kept(data)[static_cast<size_t>(layer.channel_of(static_cast<int>(i)))];
    if (!kept(op.outputs[0]).empty()) outputs = kept(op.outputs[0]);

    cut_bias(index, layer, inputs, outputs);
    Tensor weights = graph_.tensor(op.inputs[weight_slot]);
    weights.data = chosen_elements(weights, [&](int64_t e) {
      return outputs[static_cast<size_t>(layer.output_of(e))] && inputs[static_cast<size_t>(layer.input_of(e))];
    });
    choose_scales(weights.quantization, outputs);
    bool const depthwise = op.def->weight_layout == WeightLayout::depthwise;
    NARROW_CHECK(set_dimension(weights, depthwise ? weights.shape.rank() - 1 : 0, count(outputs)));
    if (!depthwise) NARROW_CHECK(set_dimension(weights, weights.shape.rank() - 1, count(inputs)));
    replace(op, weight_slot, std::move(weights));
    return {};
  }

  /// What the constant channels that go have added to the sums goes into the bias.
  void cut_bias(size_t index, const LayerSums& layer, const Kept& inputs, const Kept& outputs) {
    Op& op = graph_.ops[index];
    OpView const view{graph_, op};
    size_t const slot = *op.def->quant.roles.find(Role::bias);
    bool const had_bias = view.has_input(slot);
    std::vector<int64_t> values = stored_bias(view, layer.outputs());
    for (int o = 0; o < layer.outputs() && !layer.one_by_one(); ++o)
      if (outputs[static_cast<size_t>(o)]) values[static_cast<size_t>(o)] += moved(index, layer, inputs, o);
    bool const nothing = std::ranges::all_of(values, [](int64_t v) { return v == 0; });
    if (!had_bias && nothing) return;
    Tensor bias = had_bias ? view.input(slot) : new_bias(view, layer.outputs());
    bias.data = as_type(bias.dtype, chosen(values, outputs));
    choose_scales(bias.quantization, outputs);
    bias.shape = Shape::of({static_cast<int32_t>(count(outputs))});
    bias.shape_signature.clear();
    replace(op, slot, std::move(bias));
  }

  /// What inputs that go add to the sum of an output, in steps of the stored bias.
  int64_t moved(size_t index, const LayerSums& layer, const Kept& inputs, int output) const {
    const Op& op = graph_.ops[index];
    int const data = op.inputs[static_cast<size_t>(operand_with(op, Role::activation))];
    std::vector<ChannelTerm> const terms = layer.terms(output);
    int64_t sum = 0;
    for (size_t i = 0; i < terms.size(); ++i) {
      auto const channel = static_cast<size_t>(layer.channel_of(static_cast<int>(i)));
      if (!inputs[i]) sum += layer.reach(terms[i], channels_.ranges[static_cast<size_t>(data)][channel]).lo;
    }
    return sum == 0 ? 0 : sum / channels_.bias_steps[index][static_cast<size_t>(output)];
  }

  Tensor new_bias(const OpView& op, int outputs) const {
    Tensor bias;
    bias.name = op_name(graph_, op.op) + "/bias";
    bias.dtype = bias_type(op);
    bias.constant = true;
    bool const by_channel = tensor_with(op, Role::weight)->quantization.per_axis();
    for (int o = 0; o < (by_channel ? outputs : 1); ++o) bias.quantization.scales.push_back(sum_scale(op, o));
    bias.quantization.zero_points.resize(bias.quantization.scales.size(), 0);
    return bias;
  }

  Graph& graph_;
  const ChannelRanges& channels_;
  const std::vector<Kept>& kept_;  // by tensor, of those that were there before
  std::vector<int> readers_;       // by tensor, likewise; an output of the graph counts as a reader
};

}  // namespace

Result<Model> remove_dead_channels(Model model) {
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    Graph& graph = model.graphs[g];
    auto const channels = channel_ranges(graph);
    if (!channels) continue;
    std::vector<Kept> const kept = needed_channels(graph, *channels);
    if (std::ranges::all_of(kept, [](const Kept& k) { return k.empty(); })) continue;
    if (auto done = ChannelRemover(graph, *channels, kept).run(); !done)
      return pass(std::move(done), "graph " + std::to_string(g));
    drop_unused_tensors(model, static_cast<int>(g));
  }
  return model;
}

}  // namespace narrow
