#include "ops/build/recurrent_layer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ops/layout/layout.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {
namespace {

/// Weights in the order and layout of narrow's ops.
struct OrderedWeights {
  int in = 0;
  std::vector<float> kernel{};          // [gates * units, in]
  std::vector<float> recurrent{};       // [gates * units, units]
  std::vector<float> bias{};            // [gates * units]
  std::vector<float> recurrent_bias{};  // [gates * units]
  std::vector<float> peephole{};        // of input, forget and output gate; may be empty
};

/// The parts of `values`, each `each` elements long, in another order. Both orders have the same letters.
std::vector<float> reordered(std::span<const float> values, std::string_view from, std::string_view to, size_t each) {
  std::vector<float> out;
  for (char gate : to) {
    auto const part = values.subspan(from.find(gate) * each, each);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

/// Rows [gates * units, columns] in the order of `to`.
std::vector<float> rows(std::span<const float> values, const RecurrentLayer& layer, std::string_view to,
                        size_t columns) {
  auto const units = static_cast<size_t>(layer.units);
  if (!layer.weights.transposed) return reordered(values, layer.weights.gates, to, units * columns);
  size_t const stored = to.size() * units;
  std::vector<float> turned(values.size());
  for (size_t c = 0; c < columns; ++c)
    for (size_t r = 0; r < stored; ++r) turned[r * columns + c] = values[c * stored + r];
  return reordered(turned, layer.weights.gates, to, units * columns);
}

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

Result<OrderedWeights> ordered(const GraphBuilder& builder, int x, RecurrentLayer layer, std::string_view gates) {
  const RecurrentWeights& w = layer.weights;
  const Shape& shape = builder.shape(x);
  if (shape.rank() != 3 || shape.elements() < 1)
    return fail(ErrorKind::bad_file, "its data has shape " + shape.text() + ", not [batch, time, features]",
                layer.name);
  if (layer.units < 1) return fail(ErrorKind::bad_file, "it has " + std::to_string(layer.units) + " units", layer.name);
  if (gates.size() == 1) layer.weights.gates = gates;
  if (!same_letters(w.gates, gates))
    return fail(ErrorKind::internal, "gates in the order '" + std::string(w.gates) + "'", layer.name);
  auto const units = static_cast<size_t>(layer.units), in = static_cast<size_t>(shape.back());
  size_t const all = gates.size() * units;
  auto const fits = [&](std::span<const float> values, size_t count, bool may_be_empty) {
    return values.size() == count || (may_be_empty && values.empty());
  };
  auto const hidden = static_cast<size_t>(layer.hidden_size());
  if (!fits(w.kernel, all * in, false) || !fits(w.recurrent, all * hidden, false) || !fits(w.bias, all, true) ||
      !fits(w.recurrent_bias, all, true) || !fits(w.peephole, 3 * units, true) ||
      !fits(w.projection, hidden * units, !layer.has_projection()) || !fits(w.projection_bias, hidden, true))
    return fail(
        ErrorKind::bad_file,
        "its weights do not fit " + std::to_string(layer.units) + " units over " + std::to_string(in) + " features",
        layer.name);
  auto const bias = [&](std::span<const float> values) {
    return values.empty() ? std::vector<float>(all) : reordered(values, w.gates, gates, units);
  };
  OrderedWeights out{.in = shape.back(),
                     .kernel = rows(w.kernel, layer, gates, in),
                     .recurrent = rows(w.recurrent, layer, gates, hidden),
                     .bias = bias(w.bias),
                     .recurrent_bias = bias(w.recurrent_bias)};
  if (!w.peephole.empty() && same_letters(w.peepholes, "ifo"))
    out.peephole = reordered(w.peephole, w.peepholes, "ifo", units);
  return out;
}

/// Adds `from` to the first `count` values of `to`.
void add_to(std::vector<float>& to, const std::vector<float>& from, size_t count) {
  std::transform(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(count), from.begin(), to.begin(), std::plus<>());
}

/// A constant tensor of zeros, with which a layer begins anyway.
bool is_zero(const Tensor& t) {
  if (!t.constant || t.dtype != DType::float32) return false;
  auto const values = t.values<float>();
  return std::all_of(values.begin(), values.end(), [](float v) { return v == 0; });
}

/// Makes the ops of one layer.
struct LayerBuilder {
  GraphBuilder& builder;
  const RecurrentLayer& layer;
  int batch = 1;
  int time = 1;

  std::string named(const char* part) const { return layer.name + "/" + part; }

  int constant(const char* part, std::initializer_list<int32_t> shape, std::span<const float> values) const {
    return builder.constant({.shape = Shape::of(shape), .name = named(part)}, std::as_bytes(values));
  }

  /// The data in the order in which the layer goes through it.
  Result<int> ordered_data(int x) const { return layer.reverse ? reversed(x, named("data")) : x; }

  Result<int> reversed(int x, std::string name) const {
    return builder.infer_op(kReverseV2, {}, {x, builder.indices({1})}, {.name = std::move(name)});
  }

  /// What stands for a state: a variable, the tensor that is given, or nothing for zeros.
  int state(const char* part, int given, int size) const {
    if (layer.stateful) {
      int const t = builder.tensor({.shape = Shape::of({batch, size}), .name = named(part)});
      builder.at(t).variable = true;
      return t;
    }
    return given == kNoTensor || is_zero(builder.at(given)) ? kNoTensor : given;
  }

  /// Whether the last hidden state is all that is asked for.
  bool is_hidden_alone() const { return layer.wants.hidden && !layer.wants.sequence; }
  std::string hidden_name() const { return is_hidden_alone() ? layer.name : named("hidden"); }

  /// The name of the sequence as the op computes it, before it is reversed.
  std::string computed_name() const {
    return is_hidden_alone() || (layer.reverse && !layer.keep_reversed) ? named("sequence") : layer.name;
  }

  /// The sequence in the order that was asked for.
  Result<int> given_sequence(int computed) const {
    if (!layer.wants.sequence) return kNoTensor;
    return layer.reverse && !layer.keep_reversed ? reversed(computed, layer.name) : computed;
  }

  /// The last step of a sequence, as the TFLite converter takes it; kNoTensor where it is not asked for.
  Result<int> last_step(int sequence) const {
    if (!layer.wants.hidden) return kNoTensor;
    std::vector<int> const operands{sequence, builder.indices({0, -1, 0}), builder.indices({0, 0, 0}),
                                    builder.indices({1, 1, 1})};
    return builder.infer_op(kStridedSlice,
                            StridedSliceAttributes{.begin_mask = 5, .end_mask = 7, .shrink_axis_mask = 2}, operands,
                            {.name = hidden_name()});
  }

  /// Adds one of narrow's own ops, whose results are the sequence, the last hidden state and maybe the cell state.
  Result<RecurrentResults> own_op(const OpDef& def, Attributes attributes, std::vector<int> operands) const {
    Shape const states = Shape::of({batch, layer.units});
    std::vector<int> results{builder.tensor({.shape = Shape::of({batch, time, layer.units}), .name = computed_name()}),
                             builder.tensor({.shape = states, .name = hidden_name()})};
    if (def.arity.outputs == 3) results.push_back(builder.tensor({.shape = states, .name = named("cell")}));
    while (operands.back() == kNoTensor) operands.pop_back();
    const Op& op = builder.op(def, std::move(attributes), std::move(operands), results);
    if (auto shapes = def.infer(OpView{builder.graph(), op}); !shapes) return pass(std::move(shapes), layer.name);
    NARROW_TRY(int const sequence, given_sequence(results[0]));
    return RecurrentResults{.sequence = sequence,
                            .hidden = layer.wants.hidden ? results[1] : kNoTensor,
                            .cell = layer.wants.cell && results.size() > 2 ? results[2] : kNoTensor};
  }
};

/// Whether UNIDIRECTIONAL_SEQUENCE_LSTM computes the layer. It gives no cell state.
bool is_usual_lstm(const RecurrentLayer& layer, int hidden_state, int cell_state) {
  auto const is = [](const CellActivation& a, CellFunction function) { return a.function == function; };
  bool const variables_or_zeros = layer.stateful || (hidden_state == kNoTensor && cell_state == kNoTensor);
  return variables_or_zeros && is(layer.gate, CellFunction::sigmoid) && is(layer.candidate, CellFunction::tanh) &&
         is(layer.output, CellFunction::tanh) && !(layer.clip > 0) && !layer.wants.cell;
}

Result<RecurrentResults> add_usual_lstm(const LayerBuilder& to, int x, const OrderedWeights& w, int hidden_state,
                                        int cell_state) {
  int const units = to.layer.units, hidden = to.layer.hidden_size();
  auto const n = static_cast<size_t>(units);
  constexpr const char* kGates[] = {"input", "forget", "cell", "output"};
  std::vector<int> operands(24, kNoTensor);  // TFLM wants all
  operands[0] = x;
  auto const add = [&](size_t at, const std::string& what, std::initializer_list<int32_t> shape,
                       std::span<const float> all, size_t part, size_t count) {
    operands[at] = to.constant(what.c_str(), shape, all.subspan(part * count, count));
  };
  for (size_t g = 0; g < 4; ++g) {
    std::string const gate = kGates[g];
    add(1 + g, gate + "_weights", {units, w.in}, w.kernel, g, n * static_cast<size_t>(w.in));
    add(5 + g, gate + "_recurrent_weights", {units, hidden}, w.recurrent, g, n * static_cast<size_t>(hidden));
    add(12 + g, gate + "_bias", {units}, w.bias, g, n);
    if (!w.peephole.empty() && g != 2)
      add(g == 3 ? 11 : 9 + g, gate + "_peepholes", {units}, w.peephole, g == 3 ? 2 : g, n);
  }
  const RecurrentWeights& given = to.layer.weights;
  if (to.layer.has_projection()) operands[16] = to.constant("projection", {hidden, units}, given.projection);
  if (!given.projection_bias.empty()) operands[17] = to.constant("projection_bias", {hidden}, given.projection_bias);
  operands[18] = hidden_state;
  operands[19] = cell_state;
  NARROW_TRY(int const computed,
             to.builder.infer_op(kUnidirectionalSequenceLstm,
                                 UnidirectionalSequenceLstmAttributes{.cell_activation = Activation::tanh}, operands,
                                 {.name = to.computed_name()}));
  RecurrentResults results;
  NARROW_TRY(results.hidden, to.last_step(computed));
  NARROW_TRY(results.sequence, to.given_sequence(computed));
  return results;
}

/// What every kind of layer begins with.
struct Begun {
  LayerBuilder to;
  OrderedWeights weights;
  int x = kNoTensor;
};

Result<Begun> begin(GraphBuilder& builder, int x, const RecurrentLayer& layer, std::string_view gates) {
  bool const given = layer.initial_hidden != kNoTensor || layer.initial_cell != kNoTensor;
  if (layer.stateful && (layer.reverse || given))
    return fail(ErrorKind::unsupported,
                layer.reverse ? "it keeps its state from sample to sample, and goes from the last step to the first"
                              : "it keeps its state from sample to sample, and is given one",
                layer.name);
  NARROW_TRY(OrderedWeights weights, ordered(builder, x, layer, gates));
  Begun out{{builder, layer, builder.shape(x)[0], builder.shape(x)[1]}, std::move(weights)};
  NARROW_TRY(out.x, out.to.ordered_data(x));
  return out;
}

}  // namespace

Result<RecurrentResults> add_lstm(GraphBuilder& builder, int x, const RecurrentLayer& layer) {
  NARROW_TRY(Begun begun, begin(builder, x, layer, "ifco"));
  auto& [to, w, data] = begun;
  add_to(w.bias, w.recurrent_bias, w.bias.size());
  int const hidden = to.state("hidden_state", layer.initial_hidden, layer.hidden_size());
  int const cell = to.state("cell_state", layer.initial_cell, layer.units);
  if (is_usual_lstm(layer, hidden, cell)) return add_usual_lstm(to, data, w, hidden, cell);
  if (layer.has_projection())
    return fail(ErrorKind::unsupported, "it has a projection beside initial states or unusual functions", layer.name);
  int const units = layer.units;
  LstmSequenceAttributes const attributes{.gate_function = layer.gate.function,
                                          .gate_alpha = layer.gate.alpha,
                                          .gate_beta = layer.gate.beta,
                                          .candidate_function = layer.candidate.function,
                                          .candidate_alpha = layer.candidate.alpha,
                                          .candidate_beta = layer.candidate.beta,
                                          .output_function = layer.output.function,
                                          .output_alpha = layer.output.alpha,
                                          .output_beta = layer.output.beta,
                                          .clip = layer.clip};
  return to.own_op(
      kLstmSequence, attributes,
      {data, to.constant("weights", {4 * units, w.in}, w.kernel),
       to.constant("recurrent_weights", {4 * units, units}, w.recurrent), to.constant("bias", {4 * units}, w.bias),
       w.peephole.empty() ? kNoTensor : to.constant("peepholes", {3 * units}, w.peephole), hidden, cell});
}

Result<RecurrentResults> add_gru(GraphBuilder& builder, int x, const RecurrentLayer& layer) {
  NARROW_TRY(Begun begun, begin(builder, x, layer, "zrh"));
  auto& [to, w, data] = begun;
  int const units = layer.units;
  auto const gates = 2 * static_cast<size_t>(units);
  add_to(w.bias, w.recurrent_bias, layer.reset_after ? gates : w.bias.size());
  int recurrent_bias = kNoTensor;
  std::span<const float> const of_candidate = std::span<const float>(w.recurrent_bias).subspan(gates);
  bool const matters = std::any_of(of_candidate.begin(), of_candidate.end(), [](float v) { return v != 0; });
  if (layer.reset_after && matters) recurrent_bias = to.constant("recurrent_bias", {units}, of_candidate);
  GruSequenceAttributes const attributes{.gate_function = layer.gate.function,
                                         .gate_alpha = layer.gate.alpha,
                                         .gate_beta = layer.gate.beta,
                                         .candidate_function = layer.candidate.function,
                                         .candidate_alpha = layer.candidate.alpha,
                                         .candidate_beta = layer.candidate.beta,
                                         .clip = layer.clip,
                                         .reset_after = layer.reset_after};
  return to.own_op(
      kGruSequence, attributes,
      {data, to.constant("weights", {3 * units, w.in}, w.kernel),
       to.constant("recurrent_weights", {3 * units, units}, w.recurrent), to.constant("bias", {3 * units}, w.bias),
       recurrent_bias, to.state("hidden_state", layer.initial_hidden, layer.units)});
}

Result<RecurrentResults> add_rnn(GraphBuilder& builder, int x, const RecurrentLayer& layer) {
  NARROW_TRY(Begun begun, begin(builder, x, layer, "h"));
  auto& [to, w, data] = begun;
  int const units = layer.units;
  add_to(w.bias, w.recurrent_bias, w.bias.size());
  RnnSequenceAttributes const attributes{.function = layer.candidate.function,
                                         .alpha = layer.candidate.alpha,
                                         .beta = layer.candidate.beta,
                                         .clip = layer.clip};
  return to.own_op(kRnnSequence, attributes,
                   {data, to.constant("weights", {units, w.in}, w.kernel),
                    to.constant("recurrent_weights", {units, units}, w.recurrent), to.constant("bias", {units}, w.bias),
                    to.state("hidden_state", layer.initial_hidden, layer.units)});
}

}  // namespace narrow
