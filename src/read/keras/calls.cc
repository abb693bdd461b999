#include "read/keras/calls.h"

#include <algorithm>
#include <unordered_map>

namespace narrow::keras {
namespace {

std::string layer_text(const std::string& name) {
  return "layer " + name;
}

tl::unexpected<Error> unconnected(const std::string& name) {
  return fail(ErrorKind::bad_file, "the description of what the layer is called with is damaged", layer_text(name));
}

/// Whether `value` is [name, node, output] or [name, node, output, settings].
bool is_triple(const Json& value) {
  return value.is_array() && (value.size() == 3 || value.size() == 4) && value[0].is_string() &&
         value[1].is_number_integer();
}

bool small(const Json& value) {
  auto const* const n = value.get_ptr<const Json::number_integer_t*>();
  return n && *n >= 0 && *n <= INT32_MAX;
}

/// The result that a triple names, or nothing.
bool take_triple(const Json& triple, std::vector<KerasTensor>& out) {
  if (!is_triple(triple) || !small(triple[1]) || !small(triple[2])) return false;
  out.push_back({*triple[0].get_ptr<const std::string*>(), triple[1].get<int>(), triple[2].get<int>()});
  return true;
}

Json reference(const KerasCall& call) {
  return Json{{kTensorKey, call.inputs.size() - 1}};
}

/// A value of a call in Keras 1 and 2: results of layers are triples, in lists too.
Json with_triples(const Json& value, KerasCall& call) {
  if (take_triple(value, call.inputs)) return reference(call);
  if (!value.is_array()) return value;
  Json out = Json::array();
  for (const Json& part : value) out.push_back(with_triples(part, call));
  return out;
}

/// Keras 1 and 2: one triple or a list of them, which is the first argument; the settings behind each of them are those
/// of the call.
Status parse_listed_call(const Json& node, const std::string& name, KerasCall& call) {
  if (!node.is_array()) return unconnected(name);
  bool const single = !node.empty() && node[0].is_string();
  Json first = Json::array();
  const Json* settings = nullptr;
  for (const Json& entry : single ? Json::array({node}) : node) {
    if (!is_triple(entry)) return unconnected(name);
    if (entry[0] == "_CONSTANT_VALUE") {
      first.push_back(entry[2]);
    } else if (take_triple(entry, call.inputs)) {
      first.push_back(reference(call));
    } else {
      return unconnected(name);
    }
    if (entry.size() == 4 && !entry[3].is_object()) return unconnected(name);
  }
  const Json& last = single ? node : node.empty() ? node : node.back();
  if (last.size() == 4) settings = &last[3];
  call.args = Json::array({first.size() == 1 ? first[0] : first});
  if (settings)
    for (const auto& [key, value] : settings->items()) call.kwargs[key] = with_triples(value, call);
  return {};
}

/// Keras 3: results anywhere in nested lists.
Result<Json> parse_argument(const Json& value, const std::string& name, KerasCall& call) {
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& part : value) {
      NARROW_TRY(Json parsed, parse_argument(part, name, call));
      out.push_back(std::move(parsed));
    }
    return out;
  }
  const std::string* const class_name = text_member(value, "class_name");
  if (!class_name || *class_name != "__keras_tensor__") return value;
  const Json* const config = member(value, "config");
  const Json* const history = config ? member(*config, "keras_history") : nullptr;
  if (!history || !take_triple(*history, call.inputs)) return unconnected(name);
  return reference(call);
}

Status parse_ends_into(const Json& ends, const std::string& what, std::vector<KerasTensor>& out) {
  if (is_triple(ends)) {
    if (take_triple(ends, out)) return {};
  } else if (ends.is_structured()) {
    for (const Json& part : ends) NARROW_CHECK(parse_ends_into(part, what, out));
    return {};
  }
  return fail(ErrorKind::bad_file, "the list of the model's " + what + " is damaged");
}

/// Where each layer is in its network, and the calls before which others must be made.
class Connections {
 public:
  explicit Connections(KerasNetwork& network) : network_(network) {
    for (size_t i = 0; i < network.layers.size(); ++i) at_.emplace(network.layers[i].name, i);
  }

  Status check() {
    count_from_zero();
    for (const KerasLayer& layer : network_.layers)
      for (const KerasCall& call : layer.calls)
        for (const KerasTensor& t : call.inputs) NARROW_CHECK(known(t, layer_text(layer.name)));
    for (const KerasTensor& t : network_.inputs) NARROW_CHECK(known(t, "the model's inputs"));
    for (const KerasTensor& t : network_.outputs) NARROW_CHECK(known(t, "the model's outputs"));
    return ordered();
  }

 private:
  template <class F>
  void for_each_reference(const F& f) {
    for (KerasLayer& layer : network_.layers)
      for (KerasCall& call : layer.calls)
        for (KerasTensor& t : call.inputs) f(t);
    for (KerasTensor& t : network_.outputs) f(t);
  }

  void count_from_zero() {
    std::vector<int> least(network_.layers.size(), INT32_MAX);
    for_each_reference([&](const KerasTensor& t) {
      if (auto const l = at_.find(t.layer); l != at_.end()) least[l->second] = std::min(least[l->second], t.node);
    });
    for_each_reference([&](KerasTensor& t) {
      auto const l = at_.find(t.layer);
      if (l != at_.end() && !network_.layers[l->second].network.empty() && least[l->second] == 1) --t.node;
    });
  }

  Status known(const KerasTensor& t, const std::string& where) {
    auto const l = at_.find(t.layer);
    if (l == at_.end())
      return fail(ErrorKind::bad_file, "layer " + t.layer + " is referred to, which the model does not have", where);
    if (static_cast<size_t>(t.node) >= network_.layers[l->second].calls.size())
      return fail(ErrorKind::bad_file,
                  "call " + std::to_string(t.node) + " of layer " + t.layer + " is referred to, which there is not",
                  where);
    return {};
  }

  /// That no call waits for its own result.
  Status ordered() {
    std::vector<size_t> first(1, 0);  // the number of each layer's first call
    for (const KerasLayer& layer : network_.layers) first.push_back(first.back() + layer.calls.size());
    std::vector<std::vector<size_t>> readers(first.back());
    std::vector<size_t> waits(first.back(), 0), layer_of(first.back(), 0), ready;
    for (size_t l = 0; l < network_.layers.size(); ++l)
      for (size_t c = 0; c < network_.layers[l].calls.size(); ++c) {
        size_t const call = first[l] + c;
        layer_of[call] = l;
        for (const KerasTensor& t : network_.layers[l].calls[c].inputs)
          readers[first[at_.at(t.layer)] + static_cast<size_t>(t.node)].push_back(call);
        waits[call] = network_.layers[l].calls[c].inputs.size();
        if (waits[call] == 0) ready.push_back(call);
      }
    while (!ready.empty()) {
      size_t const call = ready.back();
      ready.pop_back();
      for (size_t const reader : readers[call])
        if (--waits[reader] == 0) ready.push_back(reader);
    }
    auto const stuck = std::find_if(waits.begin(), waits.end(), [](size_t n) { return n > 0; });
    if (stuck == waits.end()) return {};
    return fail(ErrorKind::bad_file, "the layer waits for its own result",
                layer_text(network_.layers[layer_of[static_cast<size_t>(stuck - waits.begin())]].name));
  }

  KerasNetwork& network_;
  std::unordered_map<std::string, size_t> at_;
};

}  // namespace

Result<std::vector<KerasCall>> parse_calls(const Json& inbound_nodes, const std::string& name) {
  if (!inbound_nodes.is_array()) return unconnected(name);
  std::vector<KerasCall> calls;
  for (const Json& node : inbound_nodes) {
    KerasCall call;
    if (node.is_object()) {
      const Json* const args = member(node, "args");
      const Json* const kwargs = member(node, "kwargs");
      if (!args || !kwargs || !args->is_array() || !kwargs->is_object()) return unconnected(name);
      NARROW_TRY(call.args, parse_argument(*args, name, call));
      for (const auto& [key, value] : kwargs->items()) {
        NARROW_TRY(call.kwargs[key], parse_argument(value, name, call));
      }
    } else {
      NARROW_CHECK(parse_listed_call(node, name, call));
    }
    if (call.inputs.empty()) return unconnected(name);
    calls.push_back(std::move(call));
  }
  return calls;
}

Result<std::vector<KerasTensor>> parse_ends(const Json& ends, const std::string& what) {
  std::vector<KerasTensor> out;
  NARROW_CHECK(parse_ends_into(ends, what, out));
  if (out.empty()) return fail(ErrorKind::bad_file, "the model has no " + what);
  return out;
}

Status connect(KerasNetwork& network) {
  return Connections(network).check();
}

}  // namespace narrow::keras
