#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ops/arithmetic/arithmetic.h"
#include "ops/check/validate.h"
#include "ops/layout/index_operand.h"
#include "ops/layout/layout.h"
#include "simplify/passes.h"

namespace narrow {
namespace {

/// Whether every value of a constant equals `value`, the sign of zeros included.
bool all_equal(const Tensor& t, double value) {
  if (!t.constant || t.opaque || t.quantization.present()) return false;
  auto equal = [&](auto v) {
    auto const real = static_cast<double>(v);
    return real == value && std::signbit(real) == std::signbit(value);
  };
  auto over = [&](auto values) { return std::all_of(values.begin(), values.end(), equal); };
  if (t.dtype == DType::float32) return over(t.values<float>());
  if (t.dtype == DType::int32) return over(t.values<int32_t>());
  if (t.dtype == DType::int64) return over(t.values<int64_t>());
  return false;
}

/// What leaves a sum alone. Adding +0 would turn -0 into +0; integers have one zero.
bool is_nothing(const Tensor& t, double float_zero) {
  return all_equal(t, t.dtype == DType::float32 ? float_zero : 0);
}

/// The operand that passes through unchanged where the other is neutral; -1 where neither is.
template <class Attributes, class Neutral>
int beside(const OpView& op, Neutral neutral, bool either = true) {
  if (op.attributes<Attributes>().activation != Activation::none) return -1;
  if (neutral(op.input(1))) return 0;
  return either && neutral(op.input(0)) ? 1 : -1;
}

bool permutes_nothing(const OpView& op) {
  auto const perm = index_values(op, 1, "permutations");
  int64_t const rank = op.input(0).shape.rank();
  for (int64_t i = 0; perm && i < rank; ++i) {
    int64_t const p = (*perm)[static_cast<size_t>(i)];
    if (p != i && p != i - rank) return false;
  }
  return perm.has_value();
}

/// Steps of dimensions with more than one element; a slice that keeps the shape takes them all, forwards or backwards.
bool runs_forwards(const OpView& op) {
  auto const steps = index_values(op, 3, "strides");
  return steps && std::all_of(steps->begin(), steps->end(), [](int64_t s) { return s > 0; });
}

/// For a kind of op, the operand that its result may equal; -1 where it does not.
struct Rule {
  const OpDef* def;
  int (*source)(const OpView&);
};

// Types, shapes and scales of that operand and the result are compared besides.
constexpr Rule kRules[] = {
    {&kReshape, [](const OpView&) { return 0; }},
    {&kSqueeze, [](const OpView&) { return 0; }},
    {&kPad, [](const OpView&) { return 0; }},
    {&kPadV2, [](const OpView&) { return 0; }},
    {&kMirrorPad, [](const OpView&) { return 0; }},
    {&kSlice, [](const OpView&) { return 0; }},
    {&kTile, [](const OpView&) { return 0; }},
    {&kBroadcastTo, [](const OpView&) { return 0; }},
    {&kConcatenation,
     [](const OpView& op) {
       bool const alone = op.input_count() == 1;
       return alone && op.attributes<ConcatenationAttributes>().activation == Activation::none ? 0 : -1;
     }},
    {&kTranspose, [](const OpView& op) { return permutes_nothing(op) ? 0 : -1; }},
    {&kStridedSlice, [](const OpView& op) { return runs_forwards(op) ? 0 : -1; }},
    {&kMul,
     [](const OpView& op) { return beside<MulAttributes>(op, [](const Tensor& t) { return all_equal(t, 1); }); }},
    {&kAdd,
     [](const OpView& op) { return beside<AddAttributes>(op, [](const Tensor& t) { return is_nothing(t, -0.0); }); }},
    {&kSub,
     [](const OpView& op) {
       return beside<SubAttributes>(
           op, [](const Tensor& t) { return is_nothing(t, 0.0); }, false);
     }},
};

/// The operand that the op's only result equals bit for bit, or kNoTensor.
int equal_operand(const Graph& graph, const Op& op) {
  auto const* rule = std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& r) { return r.def == op.def; });
  if (!op.def || rule == std::end(kRules) || !check_computable(graph, op)) return kNoTensor;
  int const source = rule->source(OpView{graph, op});
  if (source < 0) return kNoTensor;
  int const t = op.inputs[static_cast<size_t>(source)];
  const Tensor& from = graph.tensor(t);
  const Tensor& to = graph.tensor(op.outputs[0]);
  bool const same = from.dtype == to.dtype && from.shape == to.shape && from.shape_signature == to.shape_signature &&
                    from.quantization == to.quantization && !from.variable && !from.unranked && !to.unranked;
  return same ? t : kNoTensor;
}

/// Which tensor stands for which, once all identities are known.
class Names {
 public:
  explicit Names(size_t tensors) : next_(tensors) { std::iota(next_.begin(), next_.end(), 0); }
  /// From now on `to` stands for `from`, which nothing stands for yet.
  void replace(int from, int to) { next_[static_cast<size_t>(from)] = to; }
  int of(int t) {
    int last = t;
    while (next_[static_cast<size_t>(last)] != last) last = next_[static_cast<size_t>(last)];
    while (t != last) t = std::exchange(next_[static_cast<size_t>(t)], last);
    return last;
  }
  void apply(std::vector<int>& tensors) {
    for (int& t : tensors)
      if (t != kNoTensor) t = of(t);
  }

 private:
  std::vector<int> next_;
};

void remove_from(Graph& graph) {
  std::vector<int> const producer = producers(graph);
  std::vector<bool> is_output(graph.tensors.size(), false);
  for (int t : graph.outputs) is_output[static_cast<size_t>(t)] = true;
  Names names(graph.tensors.size());
  std::vector<Op> kept;
  for (Op& op : graph.ops) {
    int const operand = equal_operand(graph, op);
    int const from = operand == kNoTensor ? kNoTensor : names.of(operand);
    bool const ours =
        from != kNoTensor && producer[static_cast<size_t>(from)] >= 0 && !is_output[static_cast<size_t>(from)];
    if (from != kNoTensor && !is_output[static_cast<size_t>(op.outputs[0])])
      names.replace(op.outputs[0], from);
    else if (ours)
      names.replace(from, op.outputs[0]);  // an output keeps its name: what made the operand makes it
    else
      kept.push_back(std::move(op));
  }
  for (Op& op : kept) {
    names.apply(op.inputs);
    names.apply(op.outputs);
  }
  graph.ops = std::move(kept);
}

}  // namespace

Result<Model> remove_identities(Model model) {
  for (Graph& graph : model.graphs) remove_from(graph);
  return model;
}

}  // namespace narrow
