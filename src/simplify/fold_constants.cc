#include <algorithm>

#include "graph/edit.h"
#include "ops/check/evaluate.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/layout.h"
#include "simplify/free_elements.h"
#include "simplify/passes.h"
#include "simplify/plain_forms.h"
#include "simplify/simplify.h"

namespace narrow {
namespace {

// What folding may add: as much as integers of 4 bits take up as floats, and small constants in any case.
constexpr int64_t kGrowth = 8;
constexpr int64_t kFreeBytes = 16 << 20;

bool is_quantized(const Tensor& t) {
  return t.quantization.present() && !t.is_float();
}

/// The bytes that the values of `t` take; nothing for those that narrow does not compute with.
std::optional<int64_t> bytes_of(const Tensor& t) {
  return storage_bytes(t.dtype, t.elements());
}

/// What the folded model is for: in one that is written, free dimensions stay free and stored integers stay integers.
enum class Purpose : uint8_t { write, run };

class ConstantFolder {
 public:
  ConstantFolder(Model model, Purpose purpose) : model_(std::move(model)), to_run_(purpose == Purpose::run) {
    int64_t stored = 0;
    for (const Graph& g : model_.graphs)
      for (const Tensor& t : g.tensors)
        if (t.constant) stored += static_cast<int64_t>(t.data.size());
    // What reading has unfolded does not unfold as often again.
    if (model_.file_bytes > 0) stored = std::min(stored, model_.file_bytes);
    budget_ += kGrowth * stored;
  }

  Result<Model> run() && {
    for (index_ = 0; index_ < model_.graphs.size(); ++index_)
      if (auto done = fold_graph(); !done) return pass(std::move(done), "graph " + std::to_string(index_));
    return std::move(model_);
  }

 private:
  Graph& graph() { return model_.graphs[index_]; }

  Status fold_graph() {
    is_output_.assign(graph().tensors.size(), false);
    for (int t : graph().outputs) is_output_[static_cast<size_t>(t)] = true;
    folded_.assign(graph().tensors.size(), false);
    FreeElements free(graph());
    std::vector<Op> kept;
    for (size_t i = 0; i < graph().ops.size(); ++i) {
      Op& op = graph().ops[i];
      // A shape that was computed so far may be known by now.
      if (auto fits = op.def ? settle(graph(), op) : Status(); !fits)
        return pass(std::move(fits), op_label(graph(), i));
      if (may_fold(op) && fold(op)) continue;
      if (!to_run_ && !free.among_results(op) && keep_values(op)) continue;
      if (op.def == &kReshape) keep_free_dimension(op);
      kept.push_back(std::move(op));
    }
    graph().ops = std::move(kept);
    return {};
  }

  bool may_fold(const Op& op) {
    // Sums of a layer depend on their order, which is up to the runtime.
    if (!op.def || op.def->macs || !op.graphs.empty() || !check_computable(graph(), op)) return false;
    auto known = [&](int t) { return t == kNoTensor || graph().tensor(t).constant; };
    if (op.def->reads_values && !std::all_of(op.inputs.begin(), op.inputs.end(), known)) return false;
    if (!to_run_ && depends_on_free_dimensions(graph(), op)) return false;
    auto stored = [&](int t) { return t != kNoTensor && is_quantized(graph().tensor(t)); };
    bool const integers = std::any_of(op.inputs.begin(), op.inputs.end(), stored);
    if (op.def->reads_values && !to_run_ && integers) return false;
    if (op.def == &kFakeQuant && !to_run_) return false;  // its grid is what quantization keeps
    int64_t bytes = 0;
    for (int t : op.outputs) {
      // How a runtime rounds to integers is up to its profile; an output is computed once for each sample.
      if (stored(t) || is_output_[static_cast<size_t>(t)]) return false;
      bytes += *bytes_of(graph().tensor(t));
    }
    if (bytes > budget_) return false;
    budget_ -= bytes;
    return true;
  }

  /// Computes the op; false where narrow cannot.
  bool fold(const Op& op) {
    auto results = evaluate(graph(), op);
    if (!results) return false;
    for (size_t i = 0; i < results->size(); ++i) become_constant(op.outputs[i], SharedBytes(std::move((*results)[i])));
    return true;
  }

  /// Makes constants of results whose values for the present shapes hold for all; false where one is not known.
  bool keep_values(const Op& op) {
    auto keeps = [&](int t) { return graph().tensor(t).from_shapes && !is_output_[static_cast<size_t>(t)]; };
    if (!std::all_of(op.outputs.begin(), op.outputs.end(), keeps)) return false;
    for (int t : op.outputs) become_constant(t, graph().tensor(t).data);
    return true;
  }

  void become_constant(int index, SharedBytes values) {
    Tensor& t = graph().tensor(index);
    t.constant = true;
    t.from_shapes = false;
    t.data = std::move(values);
    t.shape_signature.clear();
    folded_[static_cast<size_t>(index)] = true;
  }

  /// A RESHAPE whose result has one free dimension needs no computed shape: -1 leaves that one free in the file that is
  /// written.
  void keep_free_dimension(Op& op) {
    std::vector<int32_t> const& dims = graph().tensor(op.outputs[0]).shape_signature;
    if (op.inputs.size() < 2 || op.inputs[1] == kNoTensor) return;
    Tensor shape = graph().tensor(op.inputs[1]);
    bool const computed = folded_[static_cast<size_t>(op.inputs[1])] || shape.from_shapes;
    bool const one = std::count(dims.begin(), dims.end(), -1) == 1;
    if (!computed || !one || graph().tensor(op.outputs[0]).elements() == 0 || shape.dtype != DType::int32) return;
    shape.constant = true;
    shape.from_shapes = false;
    shape.shape_signature.clear();
    shape.data = SharedBytes::copy_of(std::span<const int32_t>(dims));
    op.inputs[1] = add_tensor(graph(), std::move(shape));
    folded_.push_back(false);
    is_output_.push_back(false);
  }

  Model model_;
  size_t index_ = 0;  // of the graph that is being folded
  bool to_run_;
  int64_t budget_ = kFreeBytes;  // for all graphs
  std::vector<bool> is_output_;
  std::vector<bool> folded_;
};

}  // namespace

Result<Model> fold_constants(const Model& model) {
  auto plain = in_plain_forms(model);
  if (!plain) return pass(std::move(plain), model.source);
  auto folded = ConstantFolder(std::move(plain->model), Purpose::run).run();
  return folded ? std::move(folded) : pass(std::move(folded), model.source);
}

Result<Model> fold_float_constants(Model model) {
  return ConstantFolder(std::move(model), Purpose::write).run();
}

}  // namespace narrow
