// Recurrent layers, and what runs a layer for each step.
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/free_signature.h"
#include "ops/build/recurrent_layer.h"
#include "ops/layout/layout.h"
#include "read/keras/activation.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// One kind of recurrent layer.
struct RecurrentKind {
  const char* class_name;
  const char* gates;  // in Keras' order; a letter for each
  Result<RecurrentResults> (*add)(GraphBuilder&, int, const RecurrentLayer&);
};

constexpr RecurrentKind kKinds[] = {{"GRU", "zrh", add_gru}, {"LSTM", "ifco", add_lstm}, {"SimpleRNN", "h", add_rnn}};

const RecurrentKind* find_kind(const std::string& class_name) {
  for (const RecurrentKind& kind : kKinds)
    if (class_name == kind.class_name) return &kind;
  return nullptr;
}

/// A layer over `x`, beginning with `states` (none: zeros); as the second half of a Bidirectional layer it goes
/// backwards and gives its sequence in the order of the data. Its result, and its last states with return_state.
Result<std::vector<int>> add_recurrent(Layer& layer, int x, std::span<const int> states, bool second_half) {
  const RecurrentKind* const kind = find_kind(layer.file().class_name);
  if (!kind)
    return fail(ErrorKind::unsupported,
                "narrow has no form of recurrent layers of the class " + layer.file().class_name);
  NARROW_CHECK(layer.refuse_if_set("time_major"));
  NARROW_TRY(bool const stateful, layer.flag("stateful", false));
  NARROW_TRY(bool const gives_state, layer.flag("return_state", false));
  NARROW_TRY(int const units, layer.integer("units", -1));
  NARROW_TRY(bool const biased, layer.flag("use_bias", true));
  NARROW_TRY(bool const sequence, layer.flag("return_sequences", false));
  NARROW_TRY(bool const backwards, layer.flag("go_backwards", false));
  NARROW_TRY(bool const reset_after, layer.flag("reset_after", false));
  bool const two_biases = reset_after && kind->add == add_gru;
  int const gates = static_cast<int>(std::string_view(kind->gates).size());
  if (layer.shape(x).rank() != 3)
    return fail(ErrorKind::bad_file, "its data has the shape " + layer.shape(x).text() + " instead of 3 dimensions");
  if (units < 1 || units > 1 << 20) return fail(ErrorKind::bad_file, "it has " + std::to_string(units) + " units");
  NARROW_CHECK(layer.has_weights(biased ? 3 : 2));
  NARROW_TRY(const KerasArray* const kernel, layer.weight(0, {layer.shape(x).back(), gates * units}));
  NARROW_TRY(const KerasArray* const recurrent, layer.weight(1, {units, gates * units}));
  RecurrentLayer out{
      .weights = {.gates = kind->gates, .transposed = true, .kernel = kernel->values, .recurrent = recurrent->values},
      .units = units,
      .reset_after = reset_after,
      .reverse = backwards || second_half,
      .keep_reversed = !second_half,
      .stateful = stateful,
      .wants = {.sequence = sequence, .hidden = !sequence || gives_state, .cell = gives_state && kind->add == add_lstm},
      .name = layer.name()};
  if (states.size() != (states.empty() ? 0u : kind->add == add_lstm ? 2u : 1u))
    return fail(ErrorKind::bad_file, "it is called with " + std::to_string(states.size()) + " states");
  if (!states.empty()) out.initial_hidden = states[0];
  if (states.size() > 1) out.initial_cell = states[1];
  if (biased) {
    NARROW_TRY(const KerasArray* const bias, layer.weight(2, two_biases ? std::vector<int32_t>{2, gates * units}
                                                                        : std::vector<int32_t>{gates * units}));
    std::span<const float> const all(bias->values);
    auto const each = static_cast<size_t>(gates * units);
    out.weights.bias = all.first(each);
    if (two_biases) out.weights.recurrent_bias = all.subspan(each);
  }
  NARROW_TRY(out.candidate, cell_activation(layer, "activation", {CellFunction::linear}));
  out.output = out.candidate;
  NARROW_TRY(out.gate, cell_activation(layer, "recurrent_activation", {CellFunction::linear}));
  GraphBuilder& builder = layer.builder();
  size_t const first_op = builder.graph().ops.size();
  NARROW_TRY(RecurrentResults const made, kind->add(builder, x, out));
  mark_free_dimensions(builder.graph(), first_op);
  std::vector<int> results{sequence ? made.sequence : made.hidden};
  if (gives_state) results.push_back(made.hidden);
  if (gives_state && made.cell != kNoTensor) results.push_back(made.cell);
  return results;
}

Result<std::vector<int>> build_recurrent(Layer& layer) {
  const std::vector<int>& inputs = layer.inputs();
  if (inputs.empty()) return fail(ErrorKind::bad_file, "the layer is called without inputs");
  return add_recurrent(layer, inputs[0], std::span(inputs).subspan(1), false);
}

Result<int> merged_halves(Layer& layer, const std::vector<int>& both) {
  NARROW_TRY(std::string const how, layer.text("merge_mode", "concat"));
  if (how == "concat")
    return layer.add(kConcatenation, ConcatenationAttributes{.axis = layer.shape(both[0]).rank() - 1}, both);
  if (how == "mul") return layer.add(kMul, MulAttributes{}, both);
  if (how != "sum" && how != "ave") return layer.refused("merge_mode");
  NARROW_TRY(int const sum, layer.add(kAdd, AddAttributes{}, both));
  if (how == "sum") return sum;
  return layer.add(kDiv, DivAttributes{}, {sum, layer.scalar("count", 2)});
}

Result<std::vector<int>> build_bidirectional(Layer& layer) {
  const std::vector<int>& inputs = layer.inputs();
  if (inputs.size() % 2 != 1)
    return fail(ErrorKind::bad_file, "the layer is called with " + std::to_string(inputs.size()) + " inputs");
  size_t const states = (inputs.size() - 1) / 2;  // of each half
  int const x = inputs[0];
  const auto& inner = layer.file().inner;
  if (inner.size() != 2)
    return fail(ErrorKind::bad_file, "it holds " + std::to_string(inner.size()) + " layers instead of 2");
  const auto* const mode = layer.setting("merge_mode");
  if (!mode && layer.file().config.contains("merge_mode")) return layer.refused("merge_mode");
  std::vector<int> halves[2];
  for (size_t i = 0; i < 2; ++i) {
    Layer half(layer.reading(), inner[i], layer.rule(), {x}, layer.name() + (i == 0 ? "/forward" : "/backward"));
    NARROW_TRY(bool const backwards, half.flag("go_backwards", false));
    if (i == 0 && backwards) return half.refused("go_backwards");
    auto made = add_recurrent(half, x, std::span(inputs).subspan(1 + i * states, states), i == 1);
    if (!made) return pass(std::move(made), label(inner[i]));
    halves[i] = std::move(*made);
  }
  std::vector<int> const both{halves[0][0], halves[1][0]};
  if (layer.shape(both[0]).rank() != layer.shape(both[1]).rank())
    return fail(ErrorKind::bad_file, "only one of its layers returns sequences");
  NARROW_TRY(int const merged, merged_halves(layer, both));
  std::vector<int> results{merged};
  for (const std::vector<int>& half : halves) results.insert(results.end(), half.begin() + 1, half.end());
  return results;
}

/// A layer for each step: steps become samples, and samples of steps again.
Result<int> build_time_distributed(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  const auto& inner = layer.file().inner;
  const Shape from = layer.shape(x);
  if (inner.size() != 1 || from.rank() < 3)
    return fail(ErrorKind::bad_file, "it holds no layer, or its data " + from.text() + " has no steps");
  if (layer.is_free_inside(x))
    return fail(ErrorKind::unsupported, "the number of its steps is free", "", "`shape` gives it a size");
  bool const free = layer.is_free(x, 0);
  std::vector<int32_t> folded(from.dims().begin() + 1, from.dims().end());
  int64_t const samples = from.product(0, 2);
  folded[0] = free ? -1 : static_cast<int32_t>(samples);
  NARROW_TRY(int const steps, layer.add(kReshape, ReshapeAttributes{folded}, {x}));
  NARROW_TRY(std::vector<int> const made, build_layer(layer.reading(), inner[0], {steps}, layer.name() + "/step"));
  if (made.size() != 1) return fail(ErrorKind::unsupported, "what it holds gives several results");
  const Shape to = layer.shape(made[0]);
  std::vector<int32_t> unfolded{free ? -1 : from[0], from[1]};
  unfolded.insert(unfolded.end(), to.dims().begin() + 1, to.dims().end());
  return layer.add(kReshape, ReshapeAttributes{std::move(unfolded)}, {made[0]});
}

constexpr LayerRule recurrent_rule(const char* class_name, Result<std::vector<int>> (*build)(Layer&)) {
  return {.class_name = class_name, .build = nullptr, .build_all = build, .keyword = "initial_state"};
}

constexpr LayerRule kRecurrentLayers[] = {
    recurrent_rule("GRU", build_recurrent),
    recurrent_rule("LSTM", build_recurrent),
    recurrent_rule("SimpleRNN", build_recurrent),
};

constexpr LayerRule kWrapperLayers[] = {
    recurrent_rule("Bidirectional", build_bidirectional),
    {"TimeDistributed", build_time_distributed},
};

}  // namespace

std::span<const LayerRule> recurrent_layers() {
  return kRecurrentLayers;
}
std::span<const LayerRule> wrapper_layers() {
  return kWrapperLayers;
}

}  // namespace narrow::keras
