// uint8 values as int8. Runtimes have dropped their uint8 kernels or never had them; those for int8 compute the same
// real numbers, as every integer and its zero point move by 128 together.
#include <algorithm>
#include <map>

#include "graph/edit.h"
#include "ops/check/validate.h"
#include "ops/conversions/conversion.h"
#include "ops/windows/windows.h"
#include "simplify/plain_forms.h"

namespace narrow {
namespace {

constexpr int64_t kUnsignedZero = 128;  // the difference of uint8 and the equivalent int8

bool is_unsigned(const Tensor& t) {
  return t.dtype == DType::uint8 && t.quantization.present() && !t.opaque && !t.variable;
}

/// The same numbers as int8.
void shift(Tensor& t) {
  Bytes values(t.data.size());
  for (size_t i = 0; i < values.size(); ++i) values[i] = t.data.data()[i] ^ std::byte{kUnsignedZero};
  t.data = SharedBytes(std::move(values));
  t.dtype = DType::int8;
  t.quantization.zero_points.resize(t.quantization.scales.size(), 0);
  for (int64_t& z : t.quantization.zero_points) z -= kUnsignedZero;
}

/// Whether the op has a form that computes with int8.
bool computes(const Op& op) {
  return op.def && op.def->quant.int8 && op.def->conversion == Conversion::none;
}

bool touches_unsigned(const Graph& graph, const Op& op) {
  auto const is = [&](int t) { return t != kNoTensor && is_unsigned(graph.tensor(t)); };
  return std::any_of(op.inputs.begin(), op.inputs.end(), is) || std::any_of(op.outputs.begin(), op.outputs.end(), is);
}

/// Whether some op computes with uint8 and has no kernel for it.
bool needs_signs(const Graph& graph) {
  return std::any_of(graph.ops.begin(), graph.ops.end(), [&](const Op& op) {
    return computes(op) && touches_unsigned(graph, op) &&
           (!check_computable(graph, op) || !op.def->lower(OpView{graph, op}, {.profile = all_profiles().front()}));
  });
}

class SignedGraph {
 public:
  SignedGraph(Model& model, int number)
      : model_(model), number_(number), graph_(model.graphs[static_cast<size_t>(number)]) {}

  void run() {
    for (const Op& op : graph_.ops)
      if (computes(op))
        for (const auto& list : {op.inputs, op.outputs})
          for (int t : list)
            if (t != kNoTensor && is_unsigned(graph_.tensor(t))) original_.emplace(t, graph_.tensor(t));
    for (auto const& [t, before] : original_) shift(graph_.tensor(t));
    std::vector<Op> const given = std::move(graph_.ops);
    graph_.ops.clear();
    for (int& t : graph_.inputs) replace_input(t);
    for (const Op& op : given) rewrite(op);
    for (int& t : graph_.outputs) replace_output(t);
  }

 private:
  bool is_shifted(int t) const { return original_.contains(t); }

  /// A tensor as it was before, to be computed from or into the int8 one.
  int twin(int t) {
    Tensor before = computed_like(original_.at(t));
    before.passthrough = nullptr;
    return add_tensor(graph_, std::move(before));
  }

  /// The uint8 values of `t`, which are computed by now.
  int as_unsigned(int t) {
    if (auto const at = unsigned_.find(t); at != unsigned_.end()) return at->second;
    int const to = twin(t);
    graph_.ops.push_back(conversion(graph_, t, to));
    return unsigned_[t] = to;
  }

  void replace_input(int& t) {
    if (!is_shifted(t)) return;
    int const outer = twin(t);
    rebind_signatures(model_, number_, &Signature::inputs, t, outer);
    graph_.tensor(t).name += "/int8";  // callers know the outer tensor by its name
    graph_.ops.push_back(conversion(graph_, outer, t));
    unsigned_[t] = outer;
    t = outer;
  }

  void replace_output(int& t) {
    if (!is_shifted(t)) return;
    bool const known = unsigned_.contains(t);
    int const outer = as_unsigned(t);
    rebind_signatures(model_, number_, &Signature::outputs, t, outer);
    if (!known) graph_.tensor(t).name += "/int8";
    t = outer;
  }

  void rewrite(const Op& op) {
    Op out = op;
    if (conversion_of(op) == Conversion::none && !computes(op)) {
      for (int& t : out.inputs)
        if (t != kNoTensor && is_shifted(t)) t = as_unsigned(t);
      std::vector<std::pair<int, int>> results;
      for (int& t : out.outputs)
        if (t != kNoTensor && is_shifted(t)) {
          results.emplace_back(t, twin(t));
          t = unsigned_[t] = results.back().second;
        }
      graph_.ops.push_back(std::move(out));
      for (auto const& [to, from] : results) graph_.ops.push_back(conversion(graph_, from, to));
      return;
    }
    OpView const view{graph_, out};
    out.version = std::max(out.version, least_version(view));
    if (op.def == &kAveragePool2d && is_shifted(op.outputs[0]) && !op.arithmetic)
      if (auto const rule = unsigned_average_rounding(view.attributes<Pool2dAttributes>()))
        out.arithmetic = Arithmetic{*rule, 32};
    graph_.ops.push_back(std::move(out));
  }

  Model& model_;
  int number_;
  Graph& graph_;
  std::map<int, Tensor> original_;  // the tensors that become int8, as they were
  std::map<int, int> unsigned_;     // by such a tensor: one with its uint8 values
};

}  // namespace

void make_signed(PlainModel& plain) {
  int graphs = 0;
  for (int g = 0; g < static_cast<int>(plain.model.graphs.size()); ++g) {
    if (!needs_signs(plain.model.graphs[static_cast<size_t>(g)])) continue;
    SignedGraph(plain.model, g).run();
    ++graphs;
  }
  if (graphs > 0)
    plain.changes.emplace_back(
        "uint8 values are computed as int8, integers and zero points less by 128: the same real numbers; inputs and "
        "outputs stay uint8");
}

}  // namespace narrow
