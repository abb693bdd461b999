#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "ops/conversions/conversions.h"
#include "quantize/rewrite/rewrite.h"

namespace narrow {
namespace {

/// Whether the op is QUANTIZE or DEQUANTIZE.
bool converts(const Op& op) {
  return conversion_of(op) == Conversion::quantize || conversion_of(op) == Conversion::dequantize;
}

bool same_integers(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.quantization == b.quantization && a.quantization.present();
}

/// Scale and zero point of a tensor of 8-bit integers with one scale, the zero point being that of int8; nothing for
/// other tensors.
std::optional<std::pair<float, int64_t>> params_as_int8(const Tensor& t) {
  bool const bytes = t.dtype == DType::int8 || t.dtype == DType::uint8;
  if (!bytes || !t.quantization.present() || t.quantization.per_axis()) return std::nullopt;
  return std::pair(t.quantization.scale(), t.quantization.zero_point() - (t.dtype == DType::uint8 ? 128 : 0));
}

/// Removes redundant conversions from one graph.
class ConversionDropper {
 public:
  ConversionDropper(Graph& graph, bool names_matter) : graph_(graph), names_(graph.tensors.size()) {
    std::iota(names_.begin(), names_.end(), 0);
    by_ = producers(graph);
    given_.resize(graph.tensors.size(), false);
    output_.resize(graph.tensors.size(), false);
    for (int t : graph.inputs) given_[at(t)] = true;
    if (names_matter)
      for (int t : graph.outputs) output_[at(t)] = true;
  }

  void run() {
    std::vector<bool> dropped;
    for (const Op& op : graph_.ops) dropped.push_back(drop(op));
    std::vector<Op> kept;
    for (size_t i = 0; i < dropped.size(); ++i)
      if (!dropped[i]) kept.push_back(std::move(graph_.ops[i]));
    graph_.ops = std::move(kept);
    for (Op& op : graph_.ops) {
      rename(op.inputs);
      rename(op.outputs);
    }
    rename(graph_.outputs);
    drop_unread();
  }

 private:
  static size_t at(int t) { return static_cast<size_t>(t); }
  int now(int t) {
    int last = t;
    while (names_[at(last)] != last) last = names_[at(last)];
    while (t != last) t = std::exchange(names_[at(t)], last);
    return last;
  }
  void rename(std::vector<int>& list) {
    for (int& t : list)
      if (t != kNoTensor) t = now(t);
  }

  /// For a QUANTIZE: the tensor that holds the integers of its result already; kNoTensor where there is none. It may
  /// lie several conversions back, through 8-bit integers with the same parameters and through floats: to dequantize
  /// integers and quantize them back loses nothing.
  int equal_operand(const Op& op) {
    if (conversion_of(op) != Conversion::quantize) return kNoTensor;
    const Tensor& to = graph_.tensor(op.outputs[0]);
    for (int t = now(op.inputs[0]);;) {
      const Tensor& from = graph_.tensor(t);
      if (same_integers(from, to)) return t;
      auto const params = params_as_int8(from);
      if (!from.is_float() && (!params || params != params_as_int8(to))) return kNoTensor;
      int const maker = by_[at(t)];
      if (maker < 0) return kNoTensor;
      const Op& before = graph_.ops[at(maker)];
      if (!converts(before)) return kNoTensor;
      t = now(before.inputs[0]);
    }
  }

  /// The result of an earlier op that converts the same tensor to the same type and parameters; kNoTensor where this is
  /// the first.
  int same_conversion(const Op& op) {
    if (!converts(op)) return kNoTensor;
    std::vector<int>& made = conversions_[now(op.inputs[0])];
    const Tensor& to = graph_.tensor(op.outputs[0]);
    for (int t : made)
      if (graph_.tensor(t).dtype == to.dtype && graph_.tensor(t).quantization == to.quantization) return now(t);
    made.push_back(op.outputs[0]);
    return kNoTensor;
  }

  bool drop(const Op& op) {
    int const equal = equal_operand(op);
    int const from = equal != kNoTensor ? equal : same_conversion(op);
    if (from == kNoTensor) return false;
    int const to = op.outputs[0];
    if (!output_[at(to)]) {
      names_[at(to)] = from;
      return true;
    }
    // An output keeps its name, by which callers know it: what computes the operand computes it from now on.
    if (by_[at(from)] < 0 || given_[at(from)] || output_[at(from)] || graph_.tensor(from).constant) return false;
    names_[at(from)] = to;
    by_[at(to)] = by_[at(from)];
    return true;
  }

  /// Removes conversions whose results nobody reads, from the last op to the first.
  void drop_unread() {
    std::vector<bool> read(graph_.tensors.size(), false);
    for (int t : graph_.outputs) read[at(t)] = true;
    std::vector<Op> kept;
    for (size_t i = graph_.ops.size(); i-- > 0;) {
      Op& op = graph_.ops[i];
      if (converts(op) && !read[at(op.outputs[0])]) continue;
      for (int t : op.inputs)
        if (t != kNoTensor) read[at(t)] = true;
      kept.push_back(std::move(op));
    }
    std::reverse(kept.begin(), kept.end());
    graph_.ops = std::move(kept);
  }

  Graph& graph_;
  std::vector<int> names_;  // by tensor: the one that replaces it
  std::vector<int> by_;     // by tensor: the op that computes it, by its original index
  std::vector<bool> given_, output_;
  std::map<int, std::vector<int>> conversions_;  // their results, by operand
};

}  // namespace

void drop_redundant_conversions(Model& model, const Decisions& decisions) {
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    const std::vector<int>& entries = decisions.entries;
    bool const entered = std::find(entries.begin(), entries.end(), static_cast<int>(g)) != entries.end();
    if (decisions.run[g]) ConversionDropper(model.graphs[g], entered).run();
  }
}

}  // namespace narrow
