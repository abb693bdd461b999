#include "read/onnx/fold_quantized.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "graph/edit.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversion.h"
#include "ops/conversions/conversions.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"

namespace narrow::onnx {
namespace {

/// Whether a form of the op exists that rounds the exact result once, whatever its scale.
bool rounds_any_scale(const Op& op) {
  constexpr const OpDef* kOps[] = {&kElu, &kExp, &kGelu, &kHardSwish, &kLeakyRelu, &kLogistic, &kMean, &kMul, &kTanh};
  return std::find(std::begin(kOps), std::end(kOps), op.def) != std::end(kOps);
}

/// Whether the op moves the elements of its first operand, or the largest of them, to where they are.
bool moves_elements(const Op& op) {
  constexpr const OpDef* kOps[] = {&kExpandDims, &kMaxPool2d, &kPad,          &kPadV2,    &kReshape,
                                   &kSlice,      &kSqueeze,   &kStridedSlice, &kTranspose};
  return std::find(std::begin(kOps), std::end(kOps), op.def) != std::end(kOps);
}

/// The integers behind the operands of an op, where each has some.
class Folder {
 public:
  explicit Folder(Net& net) : net_(net), graph_(net.builder().graph()) {}

  void run() {
    if (std::none_of(graph_.ops.begin(), graph_.ops.end(), [](const Op& op) { return op.def == &kDequantize; })) return;
    for (const Op& op : graph_.ops)
      if (op.def == &kDequantize) integers_.emplace(op.outputs[0], op.inputs[0]);
    read_by_ = consumers(graph_);
    for (size_t i = 0; i < graph_.ops.size(); ++i) fold(i);
    for (size_t i = added_.size(); i-- > 0;)
      graph_.ops.insert(graph_.ops.begin() + static_cast<std::ptrdiff_t>(added_[i].before), std::move(added_[i].op));
  }

 private:
  /// The integers that floats were made of; kNoTensor where there are none.
  int integers_behind(int t) const {
    auto const known = integers_.find(t);
    return known == integers_.end() ? net_.integers_of(t) : known->second;
  }
  bool is_output(int t) const {
    return std::find(graph_.outputs.begin(), graph_.outputs.end(), t) != graph_.outputs.end();
  }
  /// The op that alone reads a tensor, or null.
  Op* only_reader(int t) {
    auto const& readers = read_by_[static_cast<size_t>(t)];
    return readers.size() == 1 && !is_output(t) ? &graph_.ops[static_cast<size_t>(readers[0])] : nullptr;
  }

  /// The bias is the integers in the file where they have the scale of a layer's sums.
  bool fits_bias(const Tensor& bias, const std::vector<int>& inputs) const {
    if (bias.dtype != DType::int32 || inputs.size() < 2) return bias.dtype != DType::int32;
    const Quantization &x = graph_.tensor(inputs[0]).quantization, &w = graph_.tensor(inputs[1]).quantization;
    if (!x.present() || !w.present()) return false;
    for (size_t c = 0; c < bias.quantization.scales.size(); ++c) {
      float const want = x.scale() * w.scales[w.per_axis() ? c : 0];
      if (std::abs(bias.quantization.scales[c] - want) > 1e-5F * want) return false;
    }
    return true;
  }

  /// A tensor like `t` with other integers.
  int twin(int t, DType dtype, const Quantization& q) {
    read_by_.emplace_back();
    return net_.builder().tensor({.dtype = dtype,
                                  .shape = graph_.tensor(t).shape,
                                  .name = graph_.tensor(t).name + "/rescaled",
                                  .quantization = q});
  }

  /// `to` holds what `from` does with other scales, computed before op `before`.
  void convert(int from, int to, size_t before) { added_.push_back({before, conversion(graph_, from, to)}); }

  /// A pool that rescales is a layer whose weights are all 1, in steps of 1 / count; false where windows differ in
  /// count.
  bool average_as_layer(Op& op, std::vector<int>& inputs) {
    OpView const view{graph_, op};
    auto const pool = view.attributes<Pool2dAttributes>();
    if (pool.padding != Padding::valid || element_bytes(graph_.tensor(inputs[0]).dtype) != 1) return false;
    Shape const shape = Shape::of({1, pool.filter_h, pool.filter_w, graph_.tensor(inputs[0]).shape.back()});
    float const part = 1.0F / static_cast<float>(pool.filter_h * pool.filter_w);
    std::vector<int8_t> const ones(static_cast<size_t>(shape.elements()), 1);
    inputs.push_back(net_.builder().constant({.dtype = DType::int8,
                                              .shape = shape,
                                              .name = graph_.tensor(op.outputs[0]).name + "/parts",
                                              .quantization = Quantization::of(part, 0)},
                                             ones));
    read_by_.emplace_back();
    DepthwiseConv2dAttributes layer{.padding = Padding::valid, .stride_h = pool.stride_h, .stride_w = pool.stride_w};
    layer.activation = pool.activation;
    op.def = &kDepthwiseConv2d;
    op.type = op.def->name;
    op.attributes = layer;
    return true;
  }

  /// Operands of an op that does not rescale get the scale of its result, and stay where they have it. False where one
  /// is a constant of another scale.
  bool rescale_operands(Op& op, std::vector<int>& inputs, int result, size_t index) {
    DType const dtype = graph_.tensor(result).dtype;
    Quantization const q = graph_.tensor(result).quantization;
    auto const other = [&](size_t i) {
      const Tensor& t = graph_.tensor(inputs[i]);
      return t.dtype != dtype || !(t.quantization == q);
    };
    // What the result's integers cannot hold counts in a mean.
    if (op.def == &kAveragePool2d && other(0)) return average_as_layer(op, inputs);
    if (op.def == &kResizeBilinear && other(0)) return false;
    auto const counts = [&](size_t i) { return inputs[i] != kNoTensor && op.def->quant.role(i) == Role::activation; };
    for (size_t i = 0; i < inputs.size(); ++i)
      if (counts(i) && other(i) && graph_.tensor(inputs[i]).constant) return false;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!counts(i) || !other(i)) continue;
      int const to = twin(inputs[i], dtype, q);
      convert(inputs[i], to, index);
      inputs[i] = to;
    }
    return true;
  }

  /// The tensor that an op with a scale of its own gives, if the file's has another.
  int fixed_result(const Op& op, int result, size_t index) {
    const Tensor& t = graph_.tensor(result);
    if (op.def->quant.output8 != ScaleRule::fixed || element_bytes(t.dtype) != 1 || rounds_any_scale(op)) return result;
    const FixedScale& fixed = op.def->quant.fixed8;
    Quantization const q = Quantization::of(fixed.scale, fixed.zero_point + (t.dtype == DType::uint8 ? 128 : 0));
    if (t.quantization == q) return result;
    if (op.def != &kSoftmax) {
      int const own = twin(result, t.dtype, q);
      convert(own, result, index + 1);
      return own;
    }
    // 16 bits lose nothing that the file's 8 bits could hold; they become int8 alone.
    Quantization as_signed = t.quantization;
    as_signed.zero_points[0] -= t.dtype == DType::uint8 ? 128 : 0;
    int const own = twin(result, DType::int16, Quantization::of(0x1p-16F, -32768));
    int const narrower = graph_.tensor(result).dtype == DType::uint8 ? twin(result, DType::int8, as_signed) : result;
    convert(own, narrower, index + 1);
    if (narrower != result) convert(narrower, result, index + 1);
    return own;
  }

  /// Integers that are quantized as they were before: their readers take them directly.
  void pass_by(Op& op) {
    auto const known = integers_.find(op.inputs[0]);
    if (known == integers_.end() || is_output(op.outputs[0])) return;
    int const from = known->second, to = op.outputs[0];
    const Tensor &a = graph_.tensor(from), &b = graph_.tensor(to);
    if (a.dtype != b.dtype || !(a.quantization == b.quantization)) return;
    for (int reader : read_by_[static_cast<size_t>(to)])
      for (int& t : graph_.ops[static_cast<size_t>(reader)].inputs)
        if (t == to) t = from;
    auto& readers = read_by_[static_cast<size_t>(from)];
    readers.insert(readers.end(), read_by_[static_cast<size_t>(to)].begin(), read_by_[static_cast<size_t>(to)].end());
    read_by_[static_cast<size_t>(to)].clear();
  }

  /// A constant number as one of the 8-bit integers of `like`; kNoTensor where it is none.
  int integer_number(int number, int like) {
    const Tensor &t = graph_.tensor(number), &x = graph_.tensor(like);
    if (!t.constant || t.dtype != DType::float32 || t.elements() != 1 || element_bytes(x.dtype) != 1) return kNoTensor;
    float const lowest = x.dtype == DType::int8 ? -128 : 0;
    float const q =
        std::nearbyint(t.values<float>()[0] / x.quantization.scale()) + static_cast<float>(x.quantization.zero_point());
    auto const stored = static_cast<uint8_t>(static_cast<int>(std::clamp(q, lowest, lowest + 255)));
    Tensor out = x;
    out.name = t.name;
    out.shape = t.shape;
    out.data = SharedBytes::copy_of(std::span<const uint8_t>(&stored, 1));
    int const at = net_.constant(std::move(out));
    read_by_.emplace_back();
    return at;
  }

  /// Moves integers where the op moves the floats that stand for them: what reads these may be an op that folds.
  void move_integers(Op& op, size_t index) {
    if (!moves_elements(op)) return;
    auto const known = integers_.find(op.inputs[0]);
    if (known == integers_.end()) return;
    int const from = known->second;
    if (graph_.tensor(from).quantization.per_axis()) return;
    if (op.def == &kPadV2) {
      int const number = integer_number(op.inputs[2], from);
      if (number == kNoTensor) return;
      op.inputs[2] = number;
    }
    int const floats = op.outputs[0];
    op.inputs[0] = from;
    op.outputs[0] = twin(floats, graph_.tensor(from).dtype, graph_.tensor(from).quantization);
    convert(op.outputs[0], floats, index + 1);
    integers_.emplace(floats, op.outputs[0]);
  }

  void fold(size_t index) {
    Op& op = graph_.ops[index];
    if (conversion_of(op) == Conversion::quantize) return pass_by(op);
    if (!op.def || op.def->conversion != Conversion::none || !op.def->quant.int8 || op.outputs.size() != 1) return;
    // A fused activation may stand between the op and its QUANTIZE.
    int result = op.outputs[0];
    Op* quantize = only_reader(result);
    Activation activation = Activation::none;
    if (quantize && quantize->def && quantize->def->acts_as != Activation::none && op.def->fuses_activation) {
      activation = quantize->def->acts_as;
      result = quantize->outputs[0];
      quantize = only_reader(result);
    }
    if (!quantize || conversion_of(*quantize) != Conversion::quantize) return move_integers(op, index);
    std::vector<int> inputs = op.inputs;
    bool any = false;
    for (int& t : inputs) {
      if (t == kNoTensor || graph_.tensor(t).dtype != DType::float32) continue;
      int const integers = integers_behind(t);
      if (integers == kNoTensor) return move_integers(op, index);
      any |= integers_.contains(t);
      t = integers;
    }
    if (!any || (inputs.size() > 2 && inputs[2] != kNoTensor && !fits_bias(graph_.tensor(inputs[2]), inputs))) return;
    int const given = quantize->outputs[0];
    ScaleRule const rule = op.def->quant.output8;
    if ((rule == ScaleRule::same || rule == ScaleRule::inputs_as_output) && !rescale_operands(op, inputs, given, index))
      return;
    if (activation != Activation::none) fuse_activation(op, activation);
    int const out = fixed_result(op, given, index);
    // Nothing makes the floats any more: what stood behind the op computes nothing, and is dropped.
    op.inputs = std::move(inputs);
    op.outputs = {out};
    quantize->outputs = {twin(given, graph_.tensor(given).dtype, graph_.tensor(given).quantization)};
  }

  Net& net_;
  Graph& graph_;
  std::map<int, int> integers_;  // by floats: what they were made of
  std::vector<std::vector<int>> read_by_;
  struct Added {
    size_t before;  // the op, as counted without what is added
    Op op;
  };
  std::vector<Added> added_;  // in ascending order
};

/// Takes away ops whose results nothing reads.
void drop_unread(Graph& graph) {
  std::vector<bool> read(graph.tensors.size(), false);
  for (int t : graph.outputs) read[static_cast<size_t>(t)] = true;
  std::vector<Op> kept;
  for (size_t i = graph.ops.size(); i-- > 0;) {
    Op& op = graph.ops[i];
    if (std::none_of(op.outputs.begin(), op.outputs.end(), [&](int t) { return read[static_cast<size_t>(t)]; }))
      continue;
    for (int t : op.inputs)
      if (t != kNoTensor) read[static_cast<size_t>(t)] = true;
    kept.push_back(std::move(op));
  }
  std::reverse(kept.begin(), kept.end());
  graph.ops = std::move(kept);
}

/// ONNX says that a result is rounded once, to the nearest integer and ties to even.
void state_rounding(Graph& graph) {
  for (Op& op : graph.ops) {
    if (!op.def || op.outputs.size() != 1) continue;
    OpView const view{graph, op};
    const Tensor* const weights = tensor_with(view, Role::weight);
    bool const layer = op.def->quant.rounds_by_rule && weights && weights->constant && !weights->is_float();
    bool const other = op.def == &kAveragePool2d || rounds_any_scale(op) || conversion_of(op) == Conversion::quantize;
    if ((layer || other) && element_bytes(view.output().dtype) == 1 && view.output().quantization.present())
      op.arithmetic = Arithmetic{RoundingRule::half_even, 32};
  }
}

}  // namespace

void fold_quantized(Net& net) {
  Folder(net).run();
  drop_unread(net.builder().graph());
  state_rounding(net.builder().graph());
}

}  // namespace narrow::onnx
