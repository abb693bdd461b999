#include <algorithm>
#include <memory>

#include "graph/edit.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversions.h"
#include "ops/def/prepared_step.h"
#include "ops/layout/layout.h"
#include "simplify/passes.h"
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

class ConstantFolder {
 public:
  ConstantFolder(Model model, bool stored_integers) : model_(std::move(model)), stored_integers_(stored_integers) {
    for (const Graph& g : model_.graphs)
      for (const Tensor& t : g.tensors)
        if (t.constant) budget_ += kGrowth * static_cast<int64_t>(t.data.size());
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
    std::vector<Op> kept;
    for (size_t i = 0; i < graph().ops.size(); ++i) {
      Op& op = graph().ops[i];
      // A shape that was computed so far may be known by now.
      if (auto fits = op.def ? settle(graph(), op) : Status(); !fits)
        return pass(std::move(fits), op_label(graph(), i));
      if (may_fold(op) && fold(op)) continue;
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
    auto stored = [&](int t) { return t != kNoTensor && is_quantized(graph().tensor(t)); };
    bool const integers = std::any_of(op.inputs.begin(), op.inputs.end(), stored);
    if (op.def->reads_values && !stored_integers_ && integers) return false;
    if (op.def == &kFakeQuant && !stored_integers_) return false;  // its grid is what quantization keeps
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
    OpView const view{graph(), op};
    auto lowered = op.def->lower(view, {.profile = all_profiles().front(), .reference = true});
    if (!lowered) return false;
    auto step = prepare(view, std::move(*lowered), true);
    if (!step) return false;
    std::vector<const void*> in;
    for (int t : operand_slots(op)) in.push_back(t == kNoTensor ? nullptr : graph().tensor(t).data.data());
    std::vector<Bytes> results;
    for (int t : op.outputs) results.emplace_back(static_cast<size_t>(*bytes_of(graph().tensor(t))));
    std::vector<void*> out;
    for (Bytes& r : results) out.push_back(r.data());
    constexpr size_t kAlignment = 64;
    Bytes scratch(step->scratch_bytes() + kAlignment);
    void* aligned = scratch.data();
    size_t space = scratch.size();
    std::align(kAlignment, step->scratch_bytes(), aligned, space);
    auto* const room = static_cast<std::byte*>(aligned);
    if (!step->run({.in = in.data(), .out = out.data(), .scratch = room, .batch = 1})) return false;
    for (size_t i = 0; i < results.size(); ++i) become_constant(op.outputs[i], std::move(results[i]));
    return true;
  }

  void become_constant(int index, Bytes values) {
    Tensor& t = graph().tensor(index);
    t.constant = true;
    t.data = SharedBytes(std::move(values));
    t.shape_signature.clear();
    folded_[static_cast<size_t>(index)] = true;
  }

  /// A folded shape has ones for free dimensions; -1 leaves the one of a RESHAPE free in the file that is written.
  void keep_free_dimension(Op& op) {
    std::vector<int32_t> const& dims = graph().tensor(op.outputs[0]).shape_signature;
    if (op.inputs.size() < 2 || op.inputs[1] == kNoTensor || !folded_[static_cast<size_t>(op.inputs[1])]) return;
    Tensor shape = graph().tensor(op.inputs[1]);
    bool const one = std::count(dims.begin(), dims.end(), -1) == 1;
    if (!one || graph().tensor(op.outputs[0]).elements() == 0 || shape.dtype != DType::int32) return;
    shape.data = SharedBytes::copy_of(std::span<const int32_t>(dims));
    op.inputs[1] = add_tensor(graph(), std::move(shape));
    folded_.push_back(false);
    is_output_.push_back(false);
  }

  Model model_;
  size_t index_ = 0;  // of the graph that is being folded
  bool stored_integers_;
  int64_t budget_ = kFreeBytes;  // for all graphs
  std::vector<bool> is_output_;
  std::vector<bool> folded_;
};

}  // namespace

Result<Model> fold_constants(const Model& model) {
  auto folded = ConstantFolder(model, true).run();
  return folded ? std::move(folded) : pass(std::move(folded), model.source);
}

Result<Model> fold_float_constants(Model model) {
  return ConstantFolder(std::move(model), false).run();
}

}  // namespace narrow
