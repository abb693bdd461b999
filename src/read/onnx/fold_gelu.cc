#include "read/onnx/fold_gelu.h"

#include <algorithm>
#include <cmath>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"

namespace narrow::onnx {
namespace {

class GeluFolder {
 public:
  explicit GeluFolder(Graph& graph) : graph_(graph), made_by_(producers(graph)), read_by_(consumers(graph)) {}

  void run() {
    const OpDef* const erf = find_op("ERF");
    for (size_t i = 0; i < graph_.ops.size(); ++i)
      if (graph_.ops[i].def == erf) fold(graph_.ops[i]);
  }

 private:
  const Op* producer(int t) const {
    int const by = made_by_[static_cast<size_t>(t)];
    return by < 0 ? nullptr : &graph_.ops[static_cast<size_t>(by)];
  }
  /// The op that alone reads a tensor, if it is of that kind; else null.
  Op* only_reader(int t, const OpDef& def) {
    auto const& readers = read_by_[static_cast<size_t>(t)];
    if (readers.size() != 1 || std::find(graph_.outputs.begin(), graph_.outputs.end(), t) != graph_.outputs.end())
      return nullptr;
    Op& op = graph_.ops[static_cast<size_t>(readers[0])];
    return op.def == &def && op.inputs.size() == 2 ? &op : nullptr;
  }
  bool is_number(int t, float value) const {
    const Tensor& c = graph_.tensor(t);
    return c.constant && c.dtype == DType::float32 && c.elements() == 1 &&
           std::abs(c.values<float>()[0] - value) < 1e-4F * value;
  }
  static int other_than(const Op& op, int t) { return op.inputs[op.inputs[0] == t ? 1 : 0]; }

  /// x, if the tensor is x times a number, or x divided by its inverse; else kNoTensor.
  int multiple(int t, float factor) const {
    const Op* const op = producer(t);
    if (!op || op->inputs.size() != 2) return kNoTensor;
    if (op->def == &kDiv) return is_number(op->inputs[1], 1 / factor) ? op->inputs[0] : kNoTensor;
    if (op->def != &kMul) return kNoTensor;
    for (int i = 0; i < 2; ++i)
      if (is_number(op->inputs[static_cast<size_t>(i)], factor)) return op->inputs[static_cast<size_t>(1 - i)];
    return kNoTensor;
  }

  void fold(const Op& erf) {
    int const x = multiple(erf.inputs[0], std::sqrt(0.5F));
    const Op* const more = only_reader(erf.outputs[0], kAdd);
    if (x == kNoTensor || !more || !is_number(other_than(*more, erf.outputs[0]), 1)) return;
    int const gate = more->outputs[0];
    Op* product = only_reader(gate, kMul);
    if (!product) return;
    int const with = other_than(*product, gate);
    if (with == x || is_number(with, 0.5F)) {
      int const half = product->outputs[0];
      product = only_reader(half, kMul);
      if (!product) return;
      int const last = other_than(*product, half);
      if (!(with == x ? is_number(last, 0.5F) : last == x)) return;
    } else if (multiple(with, 0.5F) != x) {
      return;
    }
    product->def = &kGelu;
    product->type = kGelu.name;
    product->attributes = GeluAttributes{false};
    product->inputs = {x};
  }

  Graph& graph_;
  std::vector<int> made_by_;
  std::vector<std::vector<int>> read_by_;
};

}  // namespace

void fold_gelu(Net& net) {
  GeluFolder(net.builder().graph()).run();
}

}  // namespace narrow::onnx
