#include "read/keras/build_model.h"

#include <algorithm>
#include <tuple>

#include "ops/build/finish_graph.h"
#include "read/keras/layer.h"

namespace narrow {
namespace keras {
namespace {

using Results = std::map<std::tuple<std::string, int, int>, int>;

std::tuple<std::string, int, int> key_of(const KerasTensor& t) {
  return {t.layer, t.node, t.output};
}

Result<DType> input_type(const Layer& input) {
  struct Named {
    const char* name;
    DType dtype;
  };
  static constexpr Named kTypes[] = {{"float32", DType::float32},  {"float16", DType::float32},
                                     {"bfloat16", DType::float32}, {"float64", DType::float32},
                                     {"int32", DType::int32},      {"int64", DType::int64},
                                     {"int8", DType::int8},        {"uint8", DType::uint8},
                                     {"int16", DType::int16},      {"bool", DType::boolean}};
  const auto* const s = input.setting("dtype");
  if (!s || !s->is_string()) return DType::float32;
  for (const Named& t : kTypes)
    if (*s == t.name) return t.dtype;
  return input.refused("dtype");
}

Result<int> add_input(Reading& reading, const KerasLayer& file) {
  LayerRule const rule{"InputLayer", nullptr};
  Layer const layer(reading, file, rule, {}, file.name);
  NARROW_CHECK(layer.refuse_if_set("sparse"));
  NARROW_CHECK(layer.refuse_if_set("ragged"));
  const auto* shape = layer.setting("batch_shape");
  if (!shape) shape = layer.setting("batch_input_shape");
  if (!shape || !shape->is_array() || shape->size() > 8)
    return fail(ErrorKind::bad_file, "the file does not say what shape it has");
  std::vector<int32_t> dims, signature;
  for (const auto& d : *shape) {
    bool const free = d.is_null();
    if (!free && (!d.is_number_integer() || d.get<int64_t>() < 1 || d.get<int64_t>() > reading.limits.tensor_elements))
      return fail(ErrorKind::bad_file, "it has a dimension that is no usable size");
    dims.push_back(free ? 1 : d.get<int32_t>());
    signature.push_back(free ? -1 : d.get<int32_t>());
  }
  for (const InputShape& given : reading.options.shape)
    if (given.input == file.name) {
      if (given.dims.size() != dims.size())
        return refuse("shape", "input '" + file.name + "' has " + std::to_string(dims.size()) + " dimensions, not " +
                                   std::to_string(given.dims.size()));
      for (size_t i = 0; i < dims.size(); ++i)
        if (signature[i] == -1) dims[i] = signature[i] = given.dims[i];
    }
  NARROW_TRY(DType const dtype, input_type(layer));
  NARROW_TRY(Shape const sized, Shape::make(dims, reading.limits));
  int const t = reading.builder.input({.dtype = dtype, .shape = sized, .name = reading.names.take(file.name)});
  if (std::find(signature.begin(), signature.end(), -1) != signature.end())
    reading.builder.at(t).shape_signature = std::move(signature);
  return t;
}

/// The results of a network for inputs, which are those of the model at the outermost one.
Result<std::vector<int>> build_network(Reading& reading, const KerasNetwork& network, const std::vector<int>* inputs,
                                       const std::string& prefix) {
  Results results;
  auto find = [&](const KerasTensor& t, const std::string& reader) -> Result<int> {
    auto const at = results.find(key_of(t));
    if (at != results.end()) return at->second;
    return fail(ErrorKind::bad_file, reader + " reads a result of layer '" + t.layer + "' that is not there");
  };
  if (inputs) {
    if (inputs->size() != network.inputs.size())
      return fail(ErrorKind::bad_file, "the model is called with " + std::to_string(inputs->size()) +
                                           " inputs instead of " + std::to_string(network.inputs.size()));
    for (size_t i = 0; i < inputs->size(); ++i) results[key_of(network.inputs[i])] = (*inputs)[i];
  } else {
    for (const KerasTensor& t : network.inputs) {
      auto const layer = std::find_if(network.layers.begin(), network.layers.end(),
                                      [&](const KerasLayer& l) { return l.name == t.layer; });
      if (layer == network.layers.end())
        return fail(ErrorKind::bad_file, "the input '" + t.layer + "' is no layer of the file");
      if (results.contains(key_of(t))) continue;
      auto made = add_input(reading, *layer);
      if (!made) return pass(std::move(made), label(*layer));
      results[key_of(t)] = *made;
    }
  }
  // Each call after those that it reads: files need not list layers in such an order.
  struct Call {
    const KerasLayer* layer;
    size_t node;
    bool done = false;
  };
  std::vector<Call> open;
  for (const KerasLayer& layer : network.layers)
    for (size_t node = 0; node < layer.calls.size(); ++node)
      if (layer.class_name != "InputLayer") open.push_back({&layer, node});
  for (bool moved = true; moved;) {
    moved = false;
    for (Call& call : open) {
      const auto& reads = call.layer->calls[call.node].inputs;
      if (call.done ||
          !std::all_of(reads.begin(), reads.end(), [&](const KerasTensor& t) { return results.contains(key_of(t)); }))
        continue;
      std::vector<int> operands;
      for (const KerasTensor& t : reads) operands.push_back(results.at(key_of(t)));
      NARROW_TRY(std::vector<int> const made, build_layer(reading, *call.layer, std::move(operands),
                                                          prefix + call.layer->name, &call.layer->calls[call.node]));
      for (size_t i = 0; i < made.size(); ++i)
        results[{call.layer->name, static_cast<int>(call.node), static_cast<int>(i)}] = made[i];
      call.done = moved = true;
    }
  }
  std::vector<int> out;
  for (const KerasTensor& t : network.outputs) {
    NARROW_TRY(int const made, find(t, "the network"));
    out.push_back(made);
  }
  return out;
}

Status settings_fit(const Layer& layer) {
  const auto* const dtype = layer.setting("dtype");
  if (dtype && dtype->is_object() &&
      dtype->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).find("Quantized") != std::string::npos)
    return layer.refused("dtype", "save the model as it was before it was quantized");
  return {};
}

/// Refuses arguments other than results of layers, apart from those that say what is so anyway.
Status only_inputs(const KerasCall& call, const char* keyword) {
  auto is_tensors = [](const nlohmann::json& value) {
    auto all = [](const nlohmann::json& v, const auto& self) -> bool {
      if (v.is_array()) return std::all_of(v.begin(), v.end(), [&](const auto& part) { return self(part, self); });
      return v.is_null() || (v.is_object() && v.contains(kTensorKey));
    };
    return all(value, all);
  };
  if (!is_tensors(call.args))
    return fail(ErrorKind::unsupported, "the layer is called with a constant among its inputs", "",
                "make the constant a layer of its own, or convert the model to .tflite");
  for (const auto& [key, value] : call.kwargs.items()) {
    if (value.is_null() || key == "name" || (key == "training" && value == false)) continue;
    if (is_tensors(value) && ((call.args.empty() && call.inputs.size() == 1) || (keyword && key == keyword))) continue;
    return fail(ErrorKind::unsupported, "the layer is called with the argument " + key + ", which narrow does not read",
                "", "pass only results of layers, by their position, or convert the model to .tflite");
  }
  return {};
}

Result<std::vector<int>> build_one(Reading& reading, const KerasLayer& file, std::vector<int> inputs,
                                   const std::string& name, const KerasCall* call) {
  if (++reading.calls > kMostCalls)
    return fail(ErrorKind::limit_exceeded, "the layers of the file are called too often");
  if (reading.depth > kMostNested) return fail(ErrorKind::limit_exceeded, "models lie inside of each other too deeply");
  if (!file.network.empty() && call) NARROW_CHECK(only_inputs(*call, nullptr));
  if (!file.network.empty()) return build_network(reading, file.network.front(), &inputs, name + "/");
  const LayerRule* const rule = find_layer_rule(file.class_name);
  if (!rule)
    return fail(ErrorKind::unsupported, "narrow has no form of layers of the class " + file.class_name, "",
                "`inputs` and `outputs` leave out what comes before and after the part that narrow can read");
  if (inputs.empty()) return fail(ErrorKind::bad_file, "the layer is called without inputs");
  GraphBuilder& builder = reading.builder;
  size_t const first_op = builder.graph().ops.size();
  std::string const own = reading.names.take(name);
  Layer layer(reading, file, *rule, std::move(inputs), own, call);
  NARROW_CHECK(settings_fit(layer));
  if (call && !rule->reads_arguments) NARROW_CHECK(only_inputs(*call, rule->keyword));
  std::vector<int> results;
  if (rule->build_all) {
    NARROW_TRY(results, rule->build_all(layer));
  } else {
    NARROW_TRY(int const only, rule->build(layer));
    results = {only};
  }
  const auto& ops = builder.graph().ops;
  if (ops.size() > first_op && ops.back().outputs.front() == results[0]) builder.at(results[0]).name = own;
  return results;
}

void list_into(const KerasNetwork& network, const std::string& prefix, std::vector<FileOp>& out);

void list_layer(const KerasLayer& layer, const std::string& prefix, std::vector<FileOp>& out) {
  if (!layer.network.empty()) return list_into(layer.network.front(), prefix + layer.name + "/", out);
  bool const known = layer.class_name == "InputLayer" || find_layer_rule(layer.class_name);
  out.push_back({prefix + layer.name, layer.class_name, known ? "" : "narrow has no form of this class of layers"});
  for (const KerasLayer& inner : layer.inner) list_layer(inner, prefix + layer.name + "/", out);
}

void list_into(const KerasNetwork& network, const std::string& prefix, std::vector<FileOp>& out) {
  for (const KerasLayer& layer : network.layers) list_layer(layer, prefix, out);
}

}  // namespace

Result<std::vector<int>> build_layer(Reading& reading, const KerasLayer& layer, std::vector<int> inputs,
                                     const std::string& name, const KerasCall* call) {
  bool open = false;
  for (int const t : inputs) {
    const auto& signature = reading.builder.at(t).shape_signature;
    open = open || (signature.size() > 1 && std::find(signature.begin() + 1, signature.end(), -1) != signature.end());
  }
  ++reading.depth;
  auto made = build_one(reading, layer, std::move(inputs), name, call);
  --reading.depth;
  if (made) return made;
  Error error = std::move(made.error());
  if (open && error.remedy.empty())
    error.remedy = "the file leaves dimensions of the data free; `shape` gives them a size";
  return tl::unexpected<Error>(std::move(error).in(label(layer)));
}

}  // namespace keras

Result<Model> build_model(const KerasNetwork& network, const std::string& source, const LoadOptions& options,
                          const Limits& limits) {
  keras::Reading reading(options, limits, network.keras_major);
  auto results = keras::build_network(reading, network, nullptr, "");
  if (!results) return pass(std::move(results), source);
  if (results->empty()) return fail(ErrorKind::bad_file, "the model has no outputs", source);
  GraphBuilder& builder = reading.builder;
  Signature signature{"serving_default", 0, {}, {}};
  for (int const t : builder.graph().inputs) signature.inputs.emplace_back(builder.at(t).name, t);
  UniqueNames names;
  for (size_t i = 0; i < results->size(); ++i)
    signature.outputs.emplace_back(names.take(network.outputs[i].layer), (*results)[i]);
  builder.outputs(std::move(*results));
  builder.graph().name = "serving_default";
  builder.model().signatures.push_back(std::move(signature));
  move_channels_last(builder.model(), reading.layout, options.keep_layout, reading.notes);
  finish_graph(builder.model(), {});
  builder.model().notes = reading.notes;
  builder.model().source = source;
  return std::move(builder.model());
}

std::vector<FileOp> list_layers(const KerasNetwork& network) {
  std::vector<FileOp> out;
  keras::list_into(network, "", out);
  return out;
}

}  // namespace narrow
