// The JSON in which Keras describes models.
#include <algorithm>

#include "read/keras/network.h"

namespace narrow::keras {
namespace {

using Json = nlohmann::json;

constexpr int kMostNesting = 16;  // models inside models, lists of tensors inside lists

tl::unexpected<Error> malformed(const std::string& what, const std::string& where = "") {
  return fail(ErrorKind::bad_file, what, where, "save the model again with Keras");
}

const Json& member(const Json& of, const char* name) {
  static const Json kNone;
  if (!of.is_object()) return kNone;
  auto const at = of.find(name);
  return at == of.end() ? kNone : *at;
}

std::string text(const Json& of, const char* name) {
  const Json& value = member(of, name);
  return value.is_string() ? value.get<std::string>() : "";
}

/// [layer, node, output] and whatever follows.
bool is_reference(const Json& value) {
  return value.is_array() && value.size() >= 3 && value[0].is_string() && value[1].is_number_integer() &&
         value[2].is_number_integer();
}

Result<KerasTensor> reference(const Json& value) {
  auto const node = value[1].get<int64_t>(), output = value[2].get<int64_t>();
  if (node < 0 || node > INT32_MAX || output < 0 || output > INT32_MAX)
    return malformed("a reference to a layer is out of range");
  return KerasTensor{value[0].get<std::string>(), static_cast<int>(node), static_cast<int>(output)};
}

/// All references in a value, in order: lists and objects of them in both spellings.
Status collect(const Json& value, std::vector<KerasTensor>& out, int depth = 0) {
  if (depth > kMostNesting) return malformed("lists of tensors lie too deep inside each other");
  if (is_reference(value)) {
    NARROW_TRY(KerasTensor const t, reference(value));
    out.push_back(t);
    return {};
  }
  if (text(value, "class_name") == "__keras_tensor__") {
    const Json& history = member(member(value, "config"), "keras_history");
    if (!is_reference(history)) return malformed("a tensor does not say which layer gives it");
    return collect(history, out, depth + 1);
  }
  if (value.is_array() || value.is_object())
    for (const Json& item : value) NARROW_CHECK(collect(item, out, depth + 1));
  return {};
}

Result<std::vector<KerasCall>> calls_of(const Json& nodes) {
  std::vector<KerasCall> calls;
  if (!nodes.is_array()) return calls;
  for (const Json& node : nodes) {
    KerasCall call;
    if (node.is_object()) {
      NARROW_CHECK(collect(member(node, "args"), call.inputs));
      NARROW_CHECK(collect(member(node, "kwargs"), call.inputs));
    } else {
      NARROW_CHECK(collect(node, call.inputs));
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

Result<KerasNetwork> network(const std::string& class_name, const Json& config, int depth, int& left);

bool is_network(const std::string& class_name) {
  return class_name == "Sequential" || class_name == "Functional" || class_name == "Model";
}

Result<KerasLayer> layer_of(const Json& json, int depth, int& left) {
  if (--left < 0) return fail(ErrorKind::limit_exceeded, "the model has too many layers", "", how_to_raise("ops"));
  KerasLayer layer;
  layer.class_name = text(json, "class_name");
  layer.config = member(json, "config");
  layer.name = text(json, "name");
  if (layer.name.empty()) layer.name = text(layer.config, "name");
  if (layer.class_name.empty()) return malformed("a layer has no class");
  NARROW_TRY(layer.calls, calls_of(member(json, "inbound_nodes")));
  if (is_network(layer.class_name)) {
    auto inner = network(layer.class_name, layer.config, depth + 1, left);
    if (!inner) return pass(std::move(inner), layer.name);
    layer.network.push_back(std::move(*inner));
    layer.config = Json::object();
  }
  for (const char* const key : {"layer", "backward_layer"}) {
    const Json& held = member(layer.config, key);
    if (!held.is_object()) continue;
    if (depth > kMostNesting) return malformed("layers lie too deep inside each other");
    NARROW_TRY(KerasLayer inner, layer_of(held, depth + 1, left));
    layer.inner.push_back(std::move(inner));
  }
  return layer;
}

/// An InputLayer for a Sequential model that has none, of the shape that its first layer or the model states.
Result<KerasLayer> made_up_input(const Json& config, const std::vector<KerasLayer>& layers) {
  KerasLayer input;
  input.class_name = "InputLayer";
  input.name = layers.empty() ? "input" : layers[0].name + "_input";
  Json shape = member(config, "build_input_shape");
  for (const char* const key : {"batch_input_shape", "batch_shape"})
    if (shape.is_null() && !layers.empty()) shape = member(layers[0].config, key);
  if (shape.is_null() && !layers.empty() && !layers[0].network.empty())
    for (const KerasLayer& inner : layers[0].network[0].layers)
      if (inner.class_name == "InputLayer" && shape.is_null()) {
        shape = member(inner.config, "batch_input_shape");
        if (shape.is_null()) shape = member(inner.config, "batch_shape");
      }
  if (!shape.is_array())
    return fail(ErrorKind::unsupported, "the Sequential model does not say what shape its input has", "",
                "build the model with an Input layer and save it again");
  input.config = Json{{"batch_shape", shape}};
  return input;
}

Result<KerasNetwork> sequential(const Json& config, KerasNetwork net) {
  if (net.layers.empty() || net.layers[0].class_name != "InputLayer") {
    NARROW_TRY(KerasLayer input, made_up_input(config, net.layers));
    net.layers.insert(net.layers.begin(), std::move(input));
  }
  for (size_t i = 0; i < net.layers.size(); ++i) {
    net.layers[i].calls = {KerasCall{}};
    if (i > 0) net.layers[i].calls[0].inputs = {{net.layers[i - 1].name, 0, 0}};
  }
  net.inputs = {{net.layers.front().name, 0, 0}};
  net.outputs = {{net.layers.back().name, 0, 0}};
  return net;
}

Result<KerasNetwork> network(const std::string& class_name, const Json& config, int depth, int& left) {
  if (depth > kMostNesting) return malformed("models lie too deep inside each other");
  KerasNetwork net;
  net.name = text(config, "name");
  const Json& layers = config.is_array() ? config : member(config, "layers");
  if (!layers.is_array()) return malformed("the model has no list of layers");
  for (const Json& json : layers) {
    NARROW_TRY(KerasLayer layer, layer_of(json, depth, left));
    net.layers.push_back(std::move(layer));
  }
  if (class_name == "Sequential") return sequential(config, std::move(net));
  for (KerasLayer& layer : net.layers)
    if (layer.calls.empty() && layer.class_name == "InputLayer") layer.calls.emplace_back();
  NARROW_CHECK(collect(member(config, "input_layers"), net.inputs));
  NARROW_CHECK(collect(member(config, "output_layers"), net.outputs));
  if (net.inputs.empty() || net.outputs.empty()) return malformed("the model has no inputs or no outputs");
  return net;
}

}  // namespace

Result<KerasNetwork> parse_architecture(std::string_view json, const Limits& limits) {
  Json const parsed = Json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return malformed("the architecture is no JSON");
  std::string const class_name = text(parsed, "class_name");
  if (!is_network(class_name))
    return fail(ErrorKind::unsupported, "a model of the class '" + class_name + "' says nothing of its layers", "",
                "rebuild it as a Sequential or Functional model, or export it as a SavedModel");
  int left = limits.ops;
  return network(class_name, member(parsed, "config"), 0, left);
}

}  // namespace narrow::keras
