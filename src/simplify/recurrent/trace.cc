#include "simplify/recurrent/trace.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/check/evaluate.h"
#include "ops/check/validate.h"
#include "ops/control/control.h"
#include "ops/def/shared_attributes.h"
#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "simplify/recurrent/trace_arithmetic.h"

namespace narrow {
namespace {

constexpr int64_t kMostTracedElements = 1 << 20;  // of a tensor
constexpr int64_t kMostNumbers = 1 << 28;         // of all elements
constexpr int kMostTracedOps = 200000;            // those in loops as often as they run
constexpr int64_t kMostTracedWork = 1 << 30;      // elements that ops give; those that are computed count as eight
constexpr int kDeepestTrace = 4;                  // graphs that run graphs

/// Ops that move elements of their float operands where the others say.
constexpr const OpDef* kMoves[] = {
    &kReshape, &kSqueeze,     &kExpandDims, &kTranspose, &kConcatenation, &kSplit,     &kSplitV,
    &kPack,    &kUnpack,      &kSlice,      &kGather,    &kStridedSlice,  &kReverseV2, &kTile,
    &kPad,     &kBroadcastTo, &kPadV2,      &kGatherNd,  &kSelect,        &kSelectV2,  &kDynamicUpdateSlice};

bool is_move(const OpDef& def) {
  return std::find(std::begin(kMoves), std::end(kMoves), &def) != std::end(kMoves);
}

struct Elementwise {
  const OpDef* def;
  ExpressionKind kind;
};
constexpr Elementwise kElementwise[] = {
    {&kAdd, ExpressionKind::add}, {&kSub, ExpressionKind::subtract}, {&kMul, ExpressionKind::multiply}};

struct Unary {
  const OpDef* def;
  CellFunction function;
};
constexpr Unary kUnary[] = {{&kLogistic, CellFunction::sigmoid},
                            {&kTanh, CellFunction::tanh},
                            {&kRelu, CellFunction::relu},
                            {&kRelu6, CellFunction::relu6},
                            {&kReluN1To1, CellFunction::relu_n1_to_1}};

std::optional<CellFunction> function_of(Activation activation) {
  switch (activation) {
    case Activation::none:
      return CellFunction::linear;
    case Activation::relu:
      return CellFunction::relu;
    case Activation::relu6:
      return CellFunction::relu6;
    case Activation::relu_n1_to_1:
      return CellFunction::relu_n1_to_1;
    case Activation::tanh:
      return CellFunction::tanh;
    default:
      return std::nullopt;
  }
}

bool is_plain_float(const Tensor& t) {
  return t.dtype == DType::float32 && !t.quantization.present() && !t.opaque && !t.unranked && !t.variable;
}

class Tracer {
 public:
  Tracer(const Model& model, int rows) : model_(model), e_(rows) {}

  std::optional<Trace> run() && {
    const Graph& main = model_.main();
    std::vector<TracedValue> values = known_values(main);
    for (int t : main.inputs) values[static_cast<size_t>(t)] = unknown(main.tensor(t), main.tensor(t).shape);
    for (const Op& op : main.ops) {
      step(main, op, values, 0);
      if (too_large_) return std::nullopt;
    }
    return Trace{std::move(e_), std::move(values)};
  }

 private:
  static std::vector<TracedValue> known_values(const Graph& graph) {
    std::vector<TracedValue> values(graph.tensors.size());
    for (size_t t = 0; t < values.size(); ++t)
      if (const Tensor& tensor = graph.tensors[t]; tensor.known() && !tensor.opaque)
        values[t] = {.numbers = nullptr, .known = true, .bytes = tensor.data, .shape = tensor.shape};
    return values;
  }

  TracedValue traced(std::optional<Numbers> numbers) const {
    if (!numbers) return {};
    return {.numbers = std::make_shared<const Numbers>(std::move(*numbers))};
  }

  /// Values that nothing is known of, if samples lie in the first dimension.
  TracedValue unknown(const Tensor& t, const Shape& shape) {
    int const rows = e_.rows();
    bool const fits = is_plain_float(t) && shape.elements() > 0 && shape.elements() <= kMostTracedElements;
    if (!fits || (rows > 1 && (shape.rank() == 0 || shape[0] != rows))) return {.shape = shape};
    Columns const all = e_.unknown(static_cast<int>(shape.elements() / rows));
    Numbers numbers(static_cast<size_t>(shape.elements()));
    for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = e_.number(all, 0, 0) + static_cast<int32_t>(i);
    TracedValue out = traced(std::move(numbers));
    out.shape = shape;
    return out;
  }

  /// What the op gives goes to `values`. False where nothing is known of a result of an op in a graph that another op
  /// runs.
  bool step(const Graph& graph, const Op& op, std::vector<TracedValue>& values, int depth) {
    too_large_ = too_large_ || ++ops_ > kMostTracedOps || work_ > kMostTracedWork || e_.elements() > kMostNumbers;
    if (too_large_) return false;
    auto const at = [&](int t) -> TracedValue& { return values[static_cast<size_t>(t)]; };
    if (std::all_of(op.outputs.begin(), op.outputs.end(), [&](int t) { return t == kNoTensor || at(t).known; }))
      return true;
    std::vector<TracedValue> results = results_of(graph, op, values, depth);
    bool complete = results.size() == op.outputs.size();
    for (size_t i = 0; i < op.outputs.size(); ++i) {
      if (op.outputs[i] == kNoTensor) continue;
      TracedValue value = i < results.size() ? std::move(results[i]) : TracedValue();
      const Tensor& result = graph.tensor(op.outputs[i]);
      if (value.empty() && depth == 0) value = unknown(result, value.shape.value_or(result.shape));
      complete = complete && !value.empty();
      at(op.outputs[i]) = std::move(value);
    }
    return complete;
  }

  /// What is known of the op's results.
  std::vector<TracedValue> results_of(const Graph& graph, const Op& op, const std::vector<TracedValue>& values,
                                      int depth) {
    std::vector<TracedValue> in;
    bool all_known = true, all_traced = true, all_shaped = true, variable = false;
    for (int t : op.inputs) {
      in.push_back(t == kNoTensor ? TracedValue() : values[static_cast<size_t>(t)]);
      if (t == kNoTensor) continue;
      variable = variable || graph.tensor(t).variable;
      all_known = all_known && in.back().known;
      all_traced = all_traced && !in.back().empty();
      all_shaped = all_shaped && in.back().shape.has_value();
    }
    if (!op.def || op.def->has_effects || variable || !all_shaped) return {};
    if (op.def == &kWhile) return all_traced ? loop(op, std::move(in), depth) : std::vector<TracedValue>();
    if (!op.graphs.empty()) return {};
    Graph one = alone(graph, op, in);
    auto const shapes = op.def->infer(OpView{one, one.ops[0]});
    if (!shapes || shapes->size() != op.outputs.size()) return {};
    int64_t elements = 0;
    for (size_t i = 0; i < shapes->size(); ++i) {
      one.tensor(one.ops[0].outputs[i]).shape = (*shapes)[i];
      elements += (*shapes)[i].elements();
    }
    std::vector<TracedValue> out;
    if (elements <= kMostTracedElements) {
      work_ += elements * (all_known || is_move(*op.def) ? 1 : 8);
      if (all_known || !op.def->reads_values)
        out = evaluated(one);
      else if (all_traced)
        out = computed(one, in);
    }
    out.resize(shapes->size());
    for (size_t i = 0; i < out.size(); ++i) out[i].shape = (*shapes)[i];
    return out;
  }

  /// What a graph of one op gives, whose operands are known or traced.
  std::vector<TracedValue> computed(Graph& one, const std::vector<TracedValue>& in) {
    const Op& op = one.ops[0];
    for (int t : op.outputs)
      if (!is_plain_float(one.tensor(t))) return {};
    if (op.def == &kFullyConnected) return {layer(one, in)};
    for (const Elementwise& k : kElementwise)
      if (op.def == k.def) return {elementwise(one, k.kind, in)};
    for (const Unary& k : kUnary)
      if (op.def == k.def) return {traced(trace_function(e_, k.function, numbers(in[0])))};
    if (is_move(*op.def)) return moved(one, in);
    return {};
  }

  /// The numbers of a value's elements, which are floats.
  Numbers numbers(const TracedValue& value) {
    if (value.numbers) return *value.numbers;
    if (value.bytes.empty()) return {};
    auto const [place, is_new] = constants_.try_emplace(value.bytes.data(), Columns(), value.bytes);
    if (is_new) {
      std::vector<float> floats(value.bytes.size() / sizeof(float));
      std::memcpy(floats.data(), value.bytes.data(), floats.size() * sizeof(float));
      place->second.first = e_.constant(std::move(floats));
    }
    Columns const& columns = place->second.first;
    Numbers out(static_cast<size_t>(columns.size));
    for (int i = 0; i < columns.size; ++i) out[static_cast<size_t>(i)] = e_.number(columns, 0, i);
    return out;
  }

  Floats floats(const TracedValue& value) {
    auto& entry = floats_[value.bytes.data()];
    if (!entry.first) {
      std::vector<float> values(value.bytes.size() / sizeof(float));
      std::memcpy(values.data(), value.bytes.data(), values.size() * sizeof(float));
      entry = {e_.shared(std::move(values)), value.bytes};
    }
    return entry.first;
  }

  /// A graph of one op, its operands having shapes and maybe values.
  static Graph alone(const Graph& graph, const Op& op, const std::vector<TracedValue>& in) {
    Graph out;
    Op copy = op;
    auto const add = [&](const Tensor& t) {
      out.tensors.push_back(t);
      out.tensors.back().shape_signature.clear();
      out.tensors.back().unranked = false;
      return static_cast<int>(out.tensors.size()) - 1;
    };
    for (size_t i = 0; i < copy.inputs.size(); ++i) {
      if (copy.inputs[i] == kNoTensor) continue;
      copy.inputs[i] = add(graph.tensor(copy.inputs[i]));
      out.tensors.back().shape = *in[i].shape;
      if (!in[i].known) continue;
      out.tensors.back().constant = true;
      out.tensors.back().data = in[i].bytes;
    }
    for (int& t : copy.outputs) t = add(graph.tensor(t));
    out.ops.push_back(std::move(copy));
    return out;
  }

  std::vector<TracedValue> evaluated(const Graph& one) {
    for (int t : one.ops[0].outputs)
      if (one.tensor(t).quantization.present() || one.tensor(t).variable) return {};
    if (!check_computable(one, one.ops[0])) return {};
    auto results = evaluate(one, one.ops[0]);
    std::vector<TracedValue> out;
    if (!results) return out;
    for (Bytes& bytes : *results) out.push_back({.known = true, .bytes = SharedBytes(std::move(bytes))});
    return out;
  }

  std::vector<TracedValue> moved(Graph& one, const std::vector<TracedValue>& in) {
    const Op& op = one.ops[0];
    if (auto const a = attribute(op, kActivation); a && *a != Activation::none) return {};
    if (op.def == &kReshape || op.def == &kSqueeze || op.def == &kExpandDims) return {in[0]};
    for (size_t i = 0; i < in.size(); ++i) {
      if (op.inputs[i] == kNoTensor) continue;
      Tensor& t = one.tensor(op.inputs[i]);
      if (t.dtype == DType::float32 ? !is_plain_float(t) : !in[i].known) return {};
      if (t.dtype != DType::float32) continue;
      Numbers const moving = numbers(in[i]);
      t.constant = true;
      t.data = SharedBytes::copy_of(std::span<const int32_t>(moving));
    }
    for (Tensor& t : one.tensors)
      if (t.dtype == DType::float32) t.dtype = DType::int32;
    if (!check_computable(one, op)) return {};
    auto results = evaluate(one, op);
    std::vector<TracedValue> out;
    if (!results) return out;
    for (Bytes const& bytes : *results) {
      Numbers moving(bytes.size() / sizeof(int32_t));
      if (!bytes.empty()) std::memcpy(moving.data(), bytes.data(), bytes.size());
      out.push_back(traced(std::move(moving)));
    }
    return out;
  }

  TracedValue activated(std::optional<Numbers> numbers, Activation activation) {
    auto const function = function_of(activation);
    if (!numbers || !function) return {};
    return traced(*function == CellFunction::linear ? std::move(numbers) : trace_function(e_, *function, *numbers));
  }

  TracedValue elementwise(const Graph& one, ExpressionKind kind, const std::vector<TracedValue>& in) {
    const Op& op = one.ops[0];
    const Shape& shape = one.tensor(op.outputs[0]).shape;
    Numbers const a = broadcast_numbers(numbers(in[0]), *in[0].shape, shape);
    Numbers const b = broadcast_numbers(numbers(in[1]), *in[1].shape, shape);
    return activated(trace_binary(e_, kind, a, b), attribute(op, kActivation).value_or(Activation::none));
  }

  TracedValue layer(const Graph& one, const std::vector<TracedValue>& in) {
    const Op& op = one.ops[0];
    const Tensor& weights = one.tensor(op.inputs[1]);
    bool const has_bias = op.inputs.size() > 2 && op.inputs[2] != kNoTensor;
    if (!is_plain_float(weights) || !in[1].known || (has_bias && !in[2].known)) return {};
    Floats const bias = has_bias ? floats(in[2]) : nullptr;
    auto sums = trace_linear(e_, numbers(in[0]), weights.shape[1], floats(in[1]), bias, weights.shape[0]);
    return activated(std::move(sums), op.attributes.get<FullyConnectedAttributes>().activation);
  }

  /// Runs a graph over values; what it gives, or nothing.
  std::vector<TracedValue> graph_results(int index, const std::vector<TracedValue>& in, int depth) {
    const Graph& graph = model_.graphs[static_cast<size_t>(index)];
    std::vector<TracedValue> values = known_values(graph), out;
    if (graph.inputs.size() != in.size()) return {};
    for (size_t i = 0; i < in.size(); ++i) values[static_cast<size_t>(graph.inputs[i])] = in[i];
    for (const Op& op : graph.ops)
      if (!step(graph, op, values, depth)) return {};
    for (int t : graph.outputs) out.push_back(values[static_cast<size_t>(t)]);
    return out;
  }

  /// What a loop gives whose condition is known at each of its steps.
  std::vector<TracedValue> loop(const Op& op, std::vector<TracedValue> state, int depth) {
    if (depth == kDeepestTrace || op.graphs.size() != 2) return {};
    while (!too_large_) {
      std::vector<TracedValue> const goes_on = graph_results(op.graphs[0], state, depth + 1);
      if (goes_on.size() != 1 || !goes_on[0].known || goes_on[0].bytes.size() != 1) return {};
      if (*goes_on[0].bytes.data() == std::byte{0}) return state;
      state = graph_results(op.graphs[1], state, depth + 1);
      if (state.empty()) return {};
    }
    return {};
  }

  const Model& model_;
  Expressions e_;
  std::map<const void*, std::pair<Columns, SharedBytes>> constants_;
  std::map<const void*, std::pair<Floats, SharedBytes>> floats_;
  int ops_ = 0;
  int64_t work_ = 0;
  bool too_large_ = false;
};

}  // namespace

std::optional<Trace> trace(const Model& model, int rows) {
  return Tracer(model, rows).run();
}

}  // namespace narrow
