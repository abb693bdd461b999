#include "read/onnx/fold_quantized.h"

#include <algorithm>
#include <cmath>

#include "graph/edit.h"
#include "ops/conversions/conversions.h"
#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"
#include "ops/windows/windows.h"

namespace narrow::onnx {
namespace {

/// The integers behind the operands of an op, where each has some.
class Folder {
 public:
  explicit Folder(Net& net) : net_(net), graph_(net.builder().graph()) {}

  void run() {
    if (std::none_of(graph_.ops.begin(), graph_.ops.end(), [](const Op& op) { return op.def == &kDequantize; })) return;
    made_by_ = producers(graph_);
    read_by_ = consumers(graph_);
    for (size_t i = 0; i < graph_.ops.size(); ++i) fold(i);
  }

 private:
  const Op* producer(int t) const {
    int const by = made_by_[static_cast<size_t>(t)];
    return by < 0 ? nullptr : &graph_.ops[static_cast<size_t>(by)];
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

  /// Integers that are quantized as they were before: their readers take them directly.
  void pass_by(Op& op) {
    const Op* const by = producer(op.inputs[0]);
    if (!by || by->def != &kDequantize || is_output(op.outputs[0])) return;
    int const from = by->inputs[0], to = op.outputs[0];
    const Tensor &a = graph_.tensor(from), &b = graph_.tensor(to);
    if (a.dtype != b.dtype || !(a.quantization == b.quantization)) return;
    for (int reader : read_by_[static_cast<size_t>(to)])
      for (int& t : graph_.ops[static_cast<size_t>(reader)].inputs)
        if (t == to) t = from;
    auto& readers = read_by_[static_cast<size_t>(from)];
    readers.insert(readers.end(), read_by_[static_cast<size_t>(to)].begin(), read_by_[static_cast<size_t>(to)].end());
    read_by_[static_cast<size_t>(to)].clear();
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
    if (!quantize || conversion_of(*quantize) != Conversion::quantize) return;
    std::vector<int> inputs = op.inputs;
    bool any = false;
    for (int& t : inputs) {
      if (t == kNoTensor || graph_.tensor(t).dtype != DType::float32) continue;
      const Op* const by = producer(t);
      if (by && by->def == &kDequantize)
        t = by->inputs[0], any = true;
      else if (int const integers = net_.integers_of(t); integers != kNoTensor)
        t = integers;
      else
        return;
    }
    if (!any || (inputs.size() > 2 && inputs[2] != kNoTensor && !fits_bias(graph_.tensor(inputs[2]), inputs))) return;
    if (activation != Activation::none) fuse_activation(op, activation);
    int const out = quantize->outputs[0];
    // Nothing makes the floats any more: what stood behind the op computes nothing, and is dropped.
    op.inputs = std::move(inputs);
    op.outputs = {out};
    quantize->outputs = {net_.builder().tensor({.dtype = graph_.tensor(out).dtype,
                                                .shape = graph_.tensor(out).shape,
                                                .quantization = graph_.tensor(out).quantization})};
    made_by_[static_cast<size_t>(out)] = static_cast<int>(index);
    made_by_.push_back(-1);
    read_by_.emplace_back();
  }

  Net& net_;
  Graph& graph_;
  std::vector<int> made_by_;
  std::vector<std::vector<int>> read_by_;
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
    if (!op.def || !op.def->quant.rounds_by_rule) continue;
    OpView const view{graph, op};
    const Tensor* const weights = tensor_with(view, Role::weight);
    bool const layer = weights && weights->constant && !weights->is_float();
    bool const pool = op.def == &kAveragePool2d;
    if ((layer || pool) && !view.output().is_float() && view.output().quantization.present())
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
