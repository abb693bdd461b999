#include "tflite/stateless.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "graph/edit.h"
#include "ops/def/op_def.h"
#include "tflite/codec.h"

namespace narrow {
namespace {

using nlohmann::json;

constexpr int kStatelessVersion = 1;
constexpr size_t kBytesPerState = 64;             // allowed for the text of one operand
constexpr int64_t kMostZeros = int64_t{1} << 24;  // bytes of all constants that stand for states

Status bad_stateless(const std::string& what) {
  return fail(ErrorKind::bad_file, "its metadata '" + std::string(kStatelessEntry) + "': " + what);
}

/// A list of three numbers; nothing for anything else.
std::optional<std::array<size_t, 3>> listed_operand(const json& said) {
  if (!said.is_array() || said.size() != 3) return std::nullopt;
  std::array<size_t, 3> out{};
  for (size_t i = 0; i < 3; ++i) {
    if (!said[i].is_number_unsigned()) return std::nullopt;
    out[i] = said[i].get<size_t>();
  }
  return out;
}

/// Makes of a state of integers a constant of zeros, which keeps its scale. Takes its bytes from `room`.
Status begin_with_zeros(Tensor& state, int64_t& room) {
  bool const quantized = state.quantization.scales.size() == 1 && state.quantization.zero_points.size() == 1;
  if (state.known() || !quantized || (state.dtype != DType::int8 && state.dtype != DType::int16))
    return bad_stateless("the variable '" + state.name + "' holds " + to_string(state.dtype));
  int64_t const bytes = storage_bytes(state.dtype, state.elements()).value_or(kMostZeros);
  if (bytes > room) return fail(ErrorKind::limit_exceeded, "its states take more than 2^24 bytes");
  room -= bytes;
  Bytes values(static_cast<size_t>(bytes), std::byte{0});
  if (state.dtype == DType::int8) std::fill(values.begin(), values.end(), std::byte(state.quantization.zero_point()));
  state.data = SharedBytes(std::move(values));
  state.constant = true;
  return {};
}

Status take_operand(const json& said, Model& model, int64_t& room) {
  auto const at = listed_operand(said);
  if (!at) return bad_stateless("an operand is not a list of graph, op and place");
  auto const [g, o, place] = *at;
  if (g >= model.graphs.size() || o >= model.graphs[g].ops.size())
    return bad_stateless("it names an op that is not there");
  Graph& graph = model.graphs[g];
  std::vector<int>& inputs = graph.ops[o].inputs;
  if (place >= inputs.size() || inputs[place] < 0 || !graph.tensor(inputs[place]).variable)
    return bad_stateless("operand " + std::to_string(place) + " of op " + std::to_string(o) + " is no variable");
  Tensor& state = graph.tensor(inputs[place]);
  state.variable = false;
  if (state.is_float())
    inputs[place] = kNoTensor;
  else
    NARROW_CHECK(begin_with_zeros(state, room));
  return {};
}

Status take_listed(std::string_view text, Model& model) {
  size_t operands = 0;
  for (const Graph& g : model.graphs)
    for (const Op& op : g.ops) operands += op.inputs.size();
  if (text.size() > kBytesPerState * (operands + 4)) return bad_stateless("it is too long for so few operands");
  json const all = json::parse(text, nullptr, false);
  if (!all.is_object()) return bad_stateless("it is not a JSON object");
  if (auto const version = all.find("version"); version == all.end() || *version != kStatelessVersion)
    return fail(
        ErrorKind::unsupported,
        "its metadata '" + std::string(kStatelessEntry) + "' is not of version " + std::to_string(kStatelessVersion),
        {}, "a newer narrow wrote it");
  auto const list = all.find("operands");
  if (list == all.end() || !list->is_array()) return bad_stateless("it has no list 'operands'");
  int64_t room = kMostZeros;
  for (const json& operand : *list) NARROW_CHECK(take_operand(operand, model, room));
  return {};
}

/// Lists the places of states that an op leaves out at its end, as an op that had them listed has those places.
void list_states(Op& op) {
  const Codec* const codec = op.def ? find_codec(std::string_view(op.type)) : nullptr;
  if (!codec || !codec->states || op.inputs.size() < static_cast<size_t>(op.def->arity.min_inputs)) return;
  if (op.inputs.size() <= codec->last_state) op.inputs.resize(codec->last_state + 1, kNoTensor);
}

/// Whether an operand is a constant, as which quantized ops have a state that begins with zeros.
bool is_constant_state(const OpView& op, size_t operand) {
  return op.has_input(operand) && op.input(operand).constant && !op.input(operand).is_float();
}

/// The states that the format demands of op `o` and the op leaves out, or begins with zeros.
std::vector<RequiredState> missing_states(const Graph& graph, const Op& op) {
  const Codec* const codec = op.def ? find_codec(std::string_view(op.type)) : nullptr;
  if (!codec || !codec->states) return {};
  OpView const view{graph, op};
  std::vector<RequiredState> out = codec->states(view);
  std::erase_if(
      out, [&](const RequiredState& s) { return view.has_input(s.operand) && !is_constant_state(view, s.operand); });
  return out;
}

}  // namespace

std::optional<CompletedModel> with_variables_for_states(const Model& model) {
  auto listed = json::array();
  std::optional<CompletedModel> out;
  for (size_t g = 0; g < model.graphs.size(); ++g)
    for (size_t o = 0; o < model.graphs[g].ops.size(); ++o)
      for (const auto& [operand, shape] : missing_states(model.graphs[g], model.graphs[g].ops[o])) {
        if (!out) out = CompletedModel{model, {}};
        Graph& graph = out->model.graphs[g];
        Op& op = graph.ops[o];
        Tensor state;
        state.name = op_name(graph, op) + "/state_" + std::to_string(operand);
        if (OpView const view{graph, op}; is_constant_state(view, operand)) state = computed_like(view.input(operand));
        state.shape = shape;
        state.variable = true;
        if (op.inputs.size() <= operand) op.inputs.resize(operand + 1, kNoTensor);
        op.inputs[operand] = add_tensor(graph, std::move(state));
        listed.push_back({g, o, operand});
      }
  for (size_t g = 0; out && g < model.graphs.size(); ++g) drop_unused_tensors(out->model, static_cast<int>(g));
  if (out) out->stateless = nlohmann::ordered_json{{"version", kStatelessVersion}, {"operands", listed}}.dump();
  return out;
}

Status take_stateless(Model& model) {
  for (Graph& g : model.graphs)
    for (Op& op : g.ops) list_states(op);
  auto const is_ours = [](const auto& entry) { return entry.first == kStatelessEntry; };
  auto const at = std::find_if(model.metadata.begin(), model.metadata.end(), is_ours);
  if (at == model.metadata.end()) return {};
  SharedBytes const data = at->second;
  std::erase_if(model.metadata, is_ours);
  return take_listed({reinterpret_cast<const char*>(data.data()), data.size()}, model);
}

}  // namespace narrow
