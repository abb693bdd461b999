#include "read/keras/config.h"

#include <algorithm>
#include <unordered_set>

#include "read/keras/calls.h"
#include "read/keras/json_access.h"

namespace narrow::keras {
namespace {

constexpr int kMostDepth = 16;  // models and wrappers inside each other

/// The name of a class without its module. A registered name, "Package>Class", is kept as it is.
std::string class_of(const std::string& name) {
  if (name.find('>') != std::string::npos) return name;
  return name.substr(name.rfind('.') + 1);
}

/// The shape that the settings of a layer give for the first input of a model, or null.
const Json* first_shape(const Json& config) {
  for (const char* key : {"batch_shape", "batch_input_shape"})
    if (const Json* shape = member(config, key); shape && shape->is_array()) return shape;
  return nullptr;
}

/// Whether a class of Keras 2 calls a function of TensorFlow.
bool is_lambda(const std::string& class_name) {
  return class_name == "TFOpLambda" || class_name == "SlicingOpLambda";
}

/// The name of a function of TensorFlow without the version of the interface that it is taken from.
std::string without_version(const std::string& function) {
  for (const std::string prefix : {"compat.v1.", "compat.v2."})
    if (function.starts_with(prefix)) return function.substr(prefix.size());
  return function;
}

/// Whether an object of Keras 3 that does not tell its module calls a function: only layers can be trained.
bool is_operation(const Json& object) {
  const Json* const nodes = member(object, "inbound_nodes");
  const Json* const config = member(object, "config");
  return nodes && nodes->is_array() && !nodes->empty() && nodes->front().is_object() && config && config->is_object() &&
         !member(*config, "trainable") && !member(*config, "layers") && !member(*config, "layer");
}

class ConfigReader {
 public:
  explicit ConfigReader(const Limits& limits) : limits_(limits) {}

  Result<KerasNetwork> network(const Json& object, std::string name, int depth) {
    if (depth > kMostDepth) return fail(ErrorKind::bad_file, "models are nested more than 16 deep", "model " + name);
    const Json* const config = member(object, "config");
    const Json* const layers = config && config->is_array() ? config : config ? member(*config, "layers") : nullptr;
    if (!layers || !layers->is_array()) return fail(ErrorKind::bad_file, "the model has no list of layers");
    KerasNetwork out;
    out.name = std::move(name);
    std::unordered_set<std::string> names;
    for (const Json& l : *layers) {
      NARROW_TRY(KerasLayer parsed, layer(l, depth));
      if (!names.insert(parsed.name).second)
        return fail(ErrorKind::bad_file, "two layers have this name", "layer " + parsed.name);
      out.layers.push_back(std::move(parsed));
    }
    const Json* const inputs = member(*config, "input_layers");
    const Json* const outputs = member(*config, "output_layers");
    if (!inputs && !outputs) {
      NARROW_CHECK(chain(out, *config));
      return out;
    }
    if (!inputs || !outputs) return fail(ErrorKind::bad_file, "the model does not tell its inputs and outputs");
    for (size_t i = 0; i < out.layers.size(); ++i) {
      KerasLayer& l = out.layers[i];
      if (const Json* const nodes = member((*layers)[i], "inbound_nodes")) {
        NARROW_TRY(l.calls, parse_calls(*nodes, l.name));
      }
      if (l.class_name == "InputLayer" && l.calls.empty()) l.calls.emplace_back();
    }
    NARROW_TRY(out.inputs, parse_ends(*inputs, "inputs"));
    NARROW_TRY(out.outputs, parse_ends(*outputs, "outputs"));
    NARROW_CHECK(connect(out));
    return out;
  }

  std::string name_of_model(const Json& object) {
    if (const std::string* name = text_member(object, "name")) return *name;
    const Json* const config = member(object, "config");
    if (const std::string* name = config ? text_member(*config, "name") : nullptr) return *name;
    return "sequential_" + std::to_string(++nameless_);
  }

 private:
  Result<KerasLayer> layer(const Json& object, int depth) {
    const std::string* const class_name = text_member(object, "class_name");
    const Json* const config = member(object, "config");
    if (!class_name || !config) return fail(ErrorKind::bad_file, "a layer has no class or no settings");
    if (++layers_ > limits_.ops)
      return fail(ErrorKind::limit_exceeded, "the model has too many layers", "", how_to_raise("ops"));
    KerasLayer out;
    out.class_name = class_of(*class_name);
    const std::string* const module = text_member(object, "module");
    bool const operation =
        module ? module->starts_with("keras.src.ops.") || module->starts_with("keras.ops.") : is_operation(object);
    if (operation) out.class_name = "ops." + out.class_name;
    if (const std::string* const function = text_member(*config, "function"); function && is_lambda(out.class_name))
      out.class_name = "tf." + without_version(*function);
    if (is_model(out.class_name, *config)) {
      out.name = name_of_model(object);
      NARROW_TRY(KerasNetwork inner, network(object, out.name, depth + 1));
      out.network.push_back(std::move(inner));
      return out;
    }
    const std::string* name = text_member(object, "name");
    if (!name) name = text_member(*config, "name");
    if (!name || !config->is_object())
      return fail(ErrorKind::bad_file, "a layer of the class " + out.class_name + " has no name");
    out.name = *name;
    out.config = *config;
    NARROW_CHECK(wrapped(out, depth));
    return out;
  }

  /// The layers that a wrapper holds.
  Status wrapped(KerasLayer& out, int depth) {
    const Json* const held = member(out.config, "layer");
    if (!held || !held->is_object()) return {};
    if (depth >= kMostDepth)
      return fail(ErrorKind::bad_file, "layers are nested more than 16 deep", "layer " + out.name);
    NARROW_TRY(KerasLayer inner, layer(*held, depth + 1));
    if (out.class_name != "Bidirectional") {
      out.inner.push_back(std::move(inner));
      return {};
    }
    if (!inner.inner.empty() || !inner.network.empty())
      return fail(ErrorKind::unsupported, "a Bidirectional layer around layers that hold others", "layer " + out.name);
    KerasLayer backward = inner;
    if (const Json* const given = member(out.config, "backward_layer"); given && given->is_object()) {
      NARROW_TRY(backward, layer(*given, depth + 1));
    } else {
      const Json* const reversed = member(inner.config, "go_backwards");
      bool const was = reversed && reversed->is_boolean() && reversed->get<bool>();
      if (backward.config.is_object()) backward.config["go_backwards"] = !was;
      backward.name = "backward_" + inner.name;
      inner.name = "forward_" + inner.name;
    }
    out.inner.push_back(std::move(inner));
    out.inner.push_back(std::move(backward));
    return {};
  }

  static bool is_model(const std::string& class_name, const Json& config) {
    if (class_name == "Sequential" || class_name == "Functional" || class_name == "Model") return true;
    const Json* const layers = member(config, "layers");
    return layers && layers->is_array() && member(config, "input_layers");
  }

  /// A Sequential model: each layer is called with the result of the one before it.
  static Status chain(KerasNetwork& network, const Json& config) {
    if (network.layers.empty()) return fail(ErrorKind::bad_file, "the model has no layers", "model " + network.name);
    if (network.layers.front().class_name != "InputLayer")
      network.layers.insert(network.layers.begin(), input_for(network, config));
    for (size_t i = 0; i < network.layers.size(); ++i) {
      KerasCall call;
      if (i > 0) call.inputs.push_back({network.layers[i - 1].name});
      network.layers[i].calls.push_back(std::move(call));
    }
    network.sequential = true;
    network.inputs.push_back({network.layers.front().name});
    network.outputs.push_back({network.layers.back().name});
    return {};
  }

  /// An InputLayer of the shape that the first layer has, or that the model was built for. It has none where the file
  /// says nothing: a nested model takes that of its call.
  static KerasLayer input_for(const KerasNetwork& network, const Json& config) {
    const KerasLayer& first = network.layers.front();
    KerasLayer out;
    out.class_name = "InputLayer";
    out.name = first.name + "_input";
    while (std::any_of(network.layers.begin(), network.layers.end(), [&](auto& l) { return l.name == out.name; }))
      out.name += "_";
    const Json* shape = first_shape(first.config);
    if (!shape && !first.network.empty()) shape = first_shape(first.network.front().layers.front().config);
    if (!shape)
      if (const Json* const built = member(config, "build_input_shape"); built && built->is_array()) shape = built;
    out.config = Json::object();
    out.config["name"] = out.name;
    if (shape) out.config["batch_shape"] = *shape;
    if (const std::string* type = text_member(first.config, "dtype")) out.config["dtype"] = *type;
    return out;
  }

  const Limits& limits_;
  int layers_ = 0;
  int nameless_ = 0;
};

}  // namespace

Result<KerasNetwork> parse_config(std::string_view text, const Limits& limits) {
  NARROW_TRY(Json const object, parse_json(text));
  ConfigReader reader(limits);
  if (!text_member(object, "class_name"))
    return fail(ErrorKind::bad_file, "the description of the model does not tell its class");
  return reader.network(object, reader.name_of_model(object), 0);
}

}  // namespace narrow::keras
