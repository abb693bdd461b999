#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "graph/edit.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/check/validate.h"
#include "ops/def/op_def.h"
#include "ops/def/shared_attributes.h"
#include "simplify/passes.h"
#include "simplify/readers.h"

namespace narrow {
namespace {

/// A layer whose constants can be changed: which operands they are.
struct Layer {
  size_t weights = 0;
  size_t bias = 0;  // may lie behind the last operand
  size_t axis = 0;  // dimension of the weights that counts channels
  size_t channels = 0;
  int constant = kNoTensor;  // the float weights, which may be stored as integers by ops of their own
  int quantize = -1;         // the QUANTIZE op that does it, whose result only a DEQUANTIZE for this layer reads; or -1
};

/// What follows a layer, channel by channel: scale * result + offset.
struct Affine {
  std::vector<double> scale;
  std::vector<double> offset;
};

/// The values of a float constant; nothing for other tensors.
std::optional<std::span<const float>> floats_of(const Tensor& t) {
  if (!t.constant || t.opaque || t.dtype != DType::float32) return std::nullopt;
  return t.values<float>();
}

/// Who computes tensors and who alone reads them, by tensor; -1 for nobody or several.
struct Neighbours {
  std::vector<int> producer;
  std::vector<int> reader;
};

/// Finds the float constant behind a layer's weights; false where there is none, or something else depends on it.
bool find_weights(const Graph& graph, int weights, const Neighbours& ops, Layer& layer) {
  layer.constant = weights;
  if (floats_of(graph.tensor(weights))) return true;
  auto converter = [&](int tensor, Conversion conversion) -> const Op* {
    int const at = ops.producer[static_cast<size_t>(tensor)];
    if (at < 0 || ops.reader[static_cast<size_t>(tensor)] < 0) return nullptr;
    const Op& op = graph.ops[static_cast<size_t>(at)];
    return conversion_of(op) == conversion ? &op : nullptr;
  };
  const Op* const back = converter(weights, Conversion::dequantize);
  const Op* const to = back ? converter(back->inputs[0], Conversion::quantize) : nullptr;
  if (!to || !floats_of(graph.tensor(to->inputs[0]))) return false;
  const Tensor& stored = graph.tensor(back->inputs[0]);
  const Quantization& q = stored.quantization;
  bool const along = !q.per_axis() || (q.axis == static_cast<int>(layer.axis) && q.scales.size() == layer.channels);
  if (stored.dtype != DType::int8 || !q.present() || !along ||
      std::any_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z != 0; }))
    return false;
  layer.constant = to->inputs[0];
  layer.quantize = ops.producer[static_cast<size_t>(back->inputs[0])];
  return true;
}

/// The scales of stored weights whose channels are multiplied: integers stay as they are, but for signs. Nothing where
/// a scale would be none.
std::optional<Quantization> scaled(const Quantization& q, const Layer& layer, const Affine& map) {
  Quantization out{
      .scales = {}, .zero_points = std::vector<int64_t>(layer.channels, 0), .axis = static_cast<int>(layer.axis)};
  for (size_t c = 0; c < layer.channels; ++c) {
    auto const scale = static_cast<float>(double{q.scales[q.per_axis() ? c : 0]} * std::abs(map.scale[c]));
    if (!(scale >= std::numeric_limits<float>::min()) || scale > kMostScale) return std::nullopt;
    out.scales.push_back(scale);
  }
  return out;
}

std::optional<Layer> layer_of(const Graph& graph, const Op& op, const Neighbours& ops) {
  if (!op.def) return std::nullopt;
  auto const& rule = op.def->quant;
  auto const weights = rule.roles.find(Role::weight), bias = rule.roles.find(Role::bias);
  if (!weights || !bias || fused_activation(op) != Activation::none) return std::nullopt;
  OpView const view{graph, op};
  if (!check_computable(graph, op)) return std::nullopt;
  Layer layer{.weights = *weights, .bias = *bias, .axis = static_cast<size_t>(rule.weight_axis)};
  const Tensor& w = view.input(layer.weights);
  const Tensor* const b = view.maybe_input(layer.bias);
  layer.channels = static_cast<size_t>(w.shape[rule.weight_axis]);
  if (!find_weights(graph, op.inputs[layer.weights], ops, layer) || (b && !floats_of(*b)) ||
      view.output().dtype != DType::float32)
    return std::nullopt;
  return layer;
}

/// The constant that `op` combines `tensor` with, and whether it comes first; null unless the op leaves the shape
/// alone and the constant has one value or one for each channel.
struct Beside {
  const Tensor* constant = nullptr;
  bool first = false;
};
Beside beside(const OpView& op, int tensor) {
  bool const first = op.op.inputs[0] != tensor;
  const Tensor& t = op.input(first ? 0 : 1);
  const Tensor& result = op.output();
  if (!floats_of(t) || result.dtype != DType::float32 || result.shape != op.graph.tensor(tensor).shape) return {};
  bool const one = t.elements() == 1;
  bool const each = t.shape.rank() > 0 && t.elements() == t.shape.back() && t.shape.back() == result.shape.back();
  return one || each ? Beside{&t, first} : Beside{};
}

/// Adds what `op` does to `tensor` to the layer's affine map; false where that is something else.
bool follow(const OpView& op, int tensor, Affine& map) {
  bool const mul = op.op.def == &kMul, add = op.op.def == &kAdd, sub = op.op.def == &kSub;
  if (!mul && !add && !sub) return false;
  Beside const other = beside(op, tensor);
  if (!other.constant) return false;
  auto const values = *floats_of(*other.constant);
  for (size_t c = 0; c < map.scale.size(); ++c) {
    auto const k = static_cast<double>(values[values.size() == 1 ? 0 : c]);
    double const sign = sub && other.first ? -1 : 1;  // k - x
    map.scale[c] *= mul ? k : sign;
    map.offset[c] = mul ? map.offset[c] * k : sign * map.offset[c] + (sub && !other.first ? -k : k);
  }
  return true;
}

/// The weights times the scale of their channel.
Tensor scaled(const Tensor& weights, const Layer& layer, const Affine& map) {
  auto const values = weights.values<float>();
  auto const inner = static_cast<size_t>(weights.shape.product(static_cast<int>(layer.axis) + 1, weights.shape.rank()));
  std::vector<float> out(values.size());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(static_cast<double>(values[i]) * map.scale[i / inner % layer.channels]);
  Tensor t = weights;
  t.data = SharedBytes::copy_of(std::span<const float>(out));
  t.passthrough = nullptr;
  return t;
}

Tensor bias_of(const std::string& name, const Affine& map) {
  std::vector<float> const values(map.offset.begin(), map.offset.end());
  Tensor t;
  t.name = name;
  t.shape = Shape::of({static_cast<int32_t>(values.size())});
  t.data = SharedBytes::copy_of(std::span<const float>(values));
  t.constant = true;
  return t;
}

bool is_finite(const Tensor& t) {
  auto const values = t.values<float>();
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

Affine start_of(const OpView& op, const Layer& layer) {
  Affine map{std::vector(layer.channels, 1.0), std::vector(layer.channels, 0.0)};
  if (const Tensor* const b = op.maybe_input(layer.bias)) {
    auto const values = b->values<float>();
    map.offset.assign(values.begin(), values.end());
  }
  return map;
}

class BatchNormFolder {
 public:
  explicit BatchNormFolder(Graph& graph)
      : graph_(graph), neighbours_{producers(graph), only_readers(graph)}, gone_(graph.ops.size(), false) {}

  void run() {
    size_t const ops = graph_.ops.size();
    for (size_t i = 0; i < ops; ++i)
      if (auto const layer = layer_of(graph_, graph_.ops[i], neighbours_)) fold(graph_.ops[i], *layer);
    std::vector<Op> kept;
    for (size_t i = 0; i < ops; ++i)
      if (!gone_[i]) kept.push_back(std::move(graph_.ops[i]));
    graph_.ops = std::move(kept);
  }

 private:
  void fold(Op& op, const Layer& layer) {
    Affine map = start_of(OpView{graph_, op}, layer);
    std::vector<int> followed;
    int result = op.outputs[0];
    Activation activation = Activation::none;
    while (activation == Activation::none) {
      int const reader = neighbours_.reader[static_cast<size_t>(result)];
      if (reader < 0) break;
      Op& next = graph_.ops[static_cast<size_t>(reader)];
      if (!next.def || !check_computable(graph_, next) || !follow(OpView{graph_, next}, result, map)) break;
      followed.push_back(reader);
      result = next.outputs[0];
      activation = fused_activation(next).value_or(Activation::none);
    }
    if (followed.empty()) return;
    int const old = layer.bias < op.inputs.size() ? op.inputs[layer.bias] : kNoTensor;
    Tensor weights = scaled(graph_.tensor(layer.constant), layer, map);
    Tensor bias = bias_of(old == kNoTensor ? graph_.tensor(result).name + "/bias" : graph_.tensor(old).name, map);
    if (!is_finite(weights) || !is_finite(bias)) return;
    if (layer.quantize < 0) {
      replace(op.inputs, layer.weights, std::move(weights));
    } else {
      Op& store = graph_.ops[static_cast<size_t>(layer.quantize)];
      Tensor& stored = graph_.tensor(store.outputs[0]);
      auto scales = scaled(stored.quantization, layer, map);
      if (!scales) return;
      stored.quantization = std::move(*scales);
      replace(store.inputs, 0, std::move(weights));
    }
    replace(op.inputs, layer.bias, std::move(bias));
    op.outputs[0] = result;
    fuse_activation(op, activation);
    for (int i : followed) gone_[static_cast<size_t>(i)] = true;
  }

  void replace(std::vector<int>& operands, size_t at, Tensor tensor) {
    if (operands.size() <= at) operands.resize(at + 1, kNoTensor);
    operands[at] = add_tensor(graph_, std::move(tensor));
  }

  Graph& graph_;
  Neighbours neighbours_;  // of the tensors that ops compute; those added since are constants
  std::vector<bool> gone_;
};

}  // namespace

Result<Model> fold_batch_norm(Model model) {
  for (Graph& graph : model.graphs) BatchNormFolder(graph).run();
  return model;
}

}  // namespace narrow
