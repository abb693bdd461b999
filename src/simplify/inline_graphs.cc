#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "graph/edit.h"
#include "ops/control/control.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

constexpr int64_t kMostAdded = 10000;  // ops, over all graphs: calls of calls could double them again and again

/// What an op runs, once and whatever its other operands hold.
struct Call {
  int graph = 0;
  size_t first = 0;  // operand that becomes the graph's first input
};

std::optional<Call> settled_call(const Graph& graph, const Op& op) {
  if (op.def && op.def->passing.graphs == 1) return Call{op.graphs[0], op.def->passing.skipped};
  if (op.def != &kIf) return std::nullopt;
  const Tensor& condition = graph.tensor(op.inputs[0]);
  if (!condition.constant || condition.opaque) return std::nullopt;
  return Call{op.graphs[condition.values<uint8_t>()[0] != 0 ? 0 : 1], 1};
}

bool alike(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.shape_signature == b.shape_signature &&
         a.quantization == b.quantization && !a.variable && !b.variable && !a.unranked && !b.unranked;
}

/// Puts the ops of a body in the place of the op that runs it.
class Inliner {
 public:
  Inliner(Graph& graph, const std::vector<bool>& is_output) : graph_(graph), is_output_(is_output) {}

  /// Appends the body's ops to `out`; false, and nothing done, where operands or results differ from the body's in form
  /// or an output of the outer graph would lose its name.
  bool run(const Op& op, const Graph& body, size_t first, std::vector<Op>& out) {
    if (!fits(op, body, first)) return false;
    std::vector<int> now(body.tensors.size(), kNoTensor);
    for (size_t i = 0; i < body.inputs.size(); ++i) now[at(body.inputs[i])] = op.inputs[first + i];
    for (size_t i = 0; i < body.outputs.size(); ++i)
      if (int& t = now[at(body.outputs[i])]; t == kNoTensor && !body.tensor(body.outputs[i]).constant)
        t = op.outputs[i];
    for (size_t t = 0; t < now.size(); ++t)
      if (now[t] == kNoTensor) now[t] = add_tensor(graph_, body.tensors[t]);
    stands_.resize(graph_.tensors.size());
    std::iota(stands_.begin() + static_cast<std::ptrdiff_t>(known_), stands_.end(), static_cast<int>(known_));
    known_ = stands_.size();
    for (size_t i = 0; i < body.outputs.size(); ++i) stands_[at(op.outputs[i])] = stands_[at(now[at(body.outputs[i])])];
    for (Op inner : body.ops) {
      for (std::vector<int>* list : {&inner.inputs, &inner.outputs, &inner.intermediates})
        for (int& t : *list)
          if (t != kNoTensor) t = now[at(t)];
      for (int& t : inner.inputs) t = stand_for(t);
      out.push_back(std::move(inner));
    }
    return true;
  }

  /// The tensor that holds what `t` held.
  int stand_for(int t) const { return t == kNoTensor || at(t) >= known_ ? t : stands_[at(t)]; }

 private:
  static size_t at(int t) { return static_cast<size_t>(t); }

  bool fits(const Op& op, const Graph& body, size_t first) const {
    if (op.inputs.size() != body.inputs.size() + first || op.outputs.size() != body.outputs.size()) return false;
    std::set<int> seen(body.inputs.begin(), body.inputs.end());
    if (seen.size() != body.inputs.size()) return false;
    for (size_t i = 0; i < body.inputs.size(); ++i) {
      int const t = op.inputs[first + i];
      if (t == kNoTensor || !alike(graph_.tensor(t), body.tensor(body.inputs[i]))) return false;
    }
    for (size_t i = 0; i < body.outputs.size(); ++i) {
      int const t = op.outputs[i];
      const Tensor& given = body.tensor(body.outputs[i]);
      if (t == kNoTensor || !alike(graph_.tensor(t), given)) return false;
      bool const computed = !given.constant && seen.insert(body.outputs[i]).second;
      if (!computed && is_output_[at(t)]) return false;
    }
    return true;
  }

  Graph& graph_;
  const std::vector<bool>& is_output_;
  std::vector<int> stands_;  // by tensor of the outer graph, of the first known_
  size_t known_ = 0;
};

/// One model while its graphs are gone through, those that run no other first.
class Walk {
 public:
  explicit Walk(Model& model) : model_(model), done_(model.graphs.size(), false) {}

  void run() {
    for (size_t g = 0; g < model_.graphs.size(); ++g) visit(g);
  }

 private:
  void visit(size_t g) {
    if (done_[g]) return;
    done_[g] = true;
    for (size_t i = 0; i < model_.graphs[g].ops.size(); ++i)
      for (int body : model_.graphs[g].ops[i].graphs) visit(static_cast<size_t>(body));
    inline_into(model_.graphs[g]);
  }

  void inline_into(Graph& graph) {
    std::vector<bool> is_output(graph.tensors.size(), false);
    for (int t : graph.outputs) is_output[static_cast<size_t>(t)] = true;
    Inliner inliner(graph, is_output);
    std::vector<Op> out;
    for (Op& op : graph.ops) {
      for (int& t : op.inputs) t = inliner.stand_for(t);
      auto const call = settled_call(graph, op);
      const Graph* const body = call ? &model_.graphs[static_cast<size_t>(call->graph)] : nullptr;
      auto const size = body ? static_cast<int64_t>(body->ops.size()) : 0;
      if (body && added_ + size <= kMostAdded && inliner.run(op, *body, call->first, out))
        added_ += size;
      else
        out.push_back(std::move(op));
    }
    graph.ops = std::move(out);
  }

  Model& model_;
  std::vector<bool> done_;
  int64_t added_ = 0;
};

}  // namespace

Result<Model> inline_graphs(Model model) {
  Walk(model).run();
  return model;
}

}  // namespace narrow
