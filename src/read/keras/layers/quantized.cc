// Layers of tensorflow_model_optimization: ranges that training with quantization left, around layers of Keras.
#include <algorithm>

#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// Of what a class of tensorflow_model_optimization says how it is quantized: 8 bits, weights without the lowest value.
constexpr std::string_view kKnownConfigs[] = {
    "Default8BitActivationQuantizeConfig", "Default8BitConvQuantizeConfig", "Default8BitConvTransposeQuantizeConfig",
    "Default8BitOutputQuantizeConfig",     "Default8BitQuantizeConfig",     "NoOpQuantizeConfig"};

const KerasArray* array_of(const KerasLayer& layer, const std::string& name) {
  auto const at = std::find_if(layer.weights.begin(), layer.weights.end(), [&](auto& a) { return a.name == name; });
  return at == layer.weights.end() ? nullptr : &*at;
}

/// The range in the arrays NAME_min and NAME_max of a layer, or nothing where it has none.
Result<std::optional<FakeQuantRange>> range_of(const KerasLayer& layer, const std::string& name) {
  const KerasArray* const min = array_of(layer, name + "_min");
  const KerasArray* const max = array_of(layer, name + "_max");
  if (!min && !max) return std::nullopt;
  if (!min || !max || min->values.empty() || min->values.size() != max->values.size())
    return fail(ErrorKind::bad_file, "its range " + name + "_min and " + name + "_max is not whole");
  return FakeQuantRange{min->values, max->values};
}

/// A range for the whole of a layer's data.
Result<std::optional<FakeQuantRange>> single_range_of(const KerasLayer& layer, const std::string& name) {
  NARROW_TRY(auto const range, range_of(layer, name));
  if (range && range->per_channel())
    return fail(ErrorKind::unsupported, "ranges of channels for computed values", "",
                "train with one range for each activation");
  return range;
}

/// Files of the .keras format number the arrays of a layer, and these classes do not number them in one order.
tl::unexpected<Error> unnamed() {
  return fail(ErrorKind::unsupported, "the file does not name its ranges", "", "save the model as .h5");
}

/// The class of a setting that is an object, or "".
std::string class_in(const Layer& layer, const char* name) {
  const auto* const s = layer.setting(name);
  if (!s || !s->is_object() || !s->contains("class_name") || !s->at("class_name").is_string()) return "";
  std::string const whole = s->at("class_name").get<std::string>();
  return whole.substr(std::max(whole.rfind('.') + 1, whole.rfind('>') + 1));
}

Result<int> build_quantize_layer(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  const auto* const quantizer = layer.setting("quantizer");
  if (!quantizer) return x;
  const auto* const settings =
      quantizer->is_object() && quantizer->contains("config") ? &quantizer->at("config") : nullptr;
  if (!settings || !settings->is_object()) return layer.refused("quantizer");
  for (const KerasArray& array : layer.file().weights) {
    if (!array.name.ends_with("_min")) continue;
    NARROW_TRY(auto range, single_range_of(layer.file(), array.name.substr(0, array.name.size() - 4)));
    KerasLayer held;  // reads the quantizer's own settings
    held.config = *settings;
    Layer const own(layer.reading(), held, layer.rule(), {x}, layer.name());
    NARROW_TRY(range->num_bits, own.integer("num_bits", 8));
    NARROW_TRY(range->narrow_range, own.flag("narrow_range", false));
    return layer.rounded(x, *range);
  }
  return unnamed();
}

Result<int> build_quantize_wrapper(Layer& layer) {
  const auto& inner = layer.file().inner;
  if (inner.size() != 1)
    return fail(ErrorKind::bad_file, "it holds " + std::to_string(inner.size()) + " layers instead of 1");
  std::string const how = class_in(layer, "quantize_config");
  if (std::find(std::begin(kKnownConfigs), std::end(kKnownConfigs), how) == std::end(kKnownConfigs))
    return layer.refused("quantize_config", "convert the model to .tflite, or quantize the layer by a default config");
  for (const KerasArray& array : layer.file().weights)
    if (array.name == "0") return unnamed();
  Reading& reading = layer.reading();
  for (const KerasArray& array : inner[0].weights) {
    NARROW_TRY(auto range, range_of(layer.file(), array.name));
    if (!range) continue;
    range->narrow_range = true;
    if (range->per_channel() &&
        (array.shape.rank() == 0 || static_cast<size_t>(array.shape.back()) != range->min.size()))
      return fail(ErrorKind::bad_file,
                  "its ranges of '" + array.name + "' do not go with the shape " + array.shape.text());
    reading.weight_ranges[&array] = std::move(*range);
  }
  ActivationRanges& ranges = reading.activation_ranges[&inner[0]];
  NARROW_TRY(ranges.before, single_range_of(layer.file(), "pre_activation"));
  NARROW_TRY(ranges.after, single_range_of(layer.file(), "post_activation"));
  NARROW_TRY(std::vector<int> const made,
             build_layer(reading, inner[0], layer.inputs(), layer.name() + "/" + inner[0].name));
  if (made.size() != 1) return fail(ErrorKind::unsupported, "what it holds gives several results");
  NARROW_TRY(auto const output, single_range_of(layer.file(), "output"));
  return output ? layer.rounded(made[0], *output) : Result<int>(made[0]);
}

/// A layer that is only marked for quantization.
Result<int> build_annotated(Layer& layer) {
  const auto& inner = layer.file().inner;
  if (inner.size() != 1)
    return fail(ErrorKind::bad_file, "it holds " + std::to_string(inner.size()) + " layers instead of 1");
  NARROW_TRY(std::vector<int> const made,
             build_layer(layer.reading(), inner[0], layer.inputs(), layer.name() + "/" + inner[0].name));
  if (made.size() != 1) return fail(ErrorKind::unsupported, "what it holds gives several results");
  return made[0];
}

constexpr LayerRule kQuantizedLayers[] = {
    {"QuantizeAnnotate", build_annotated},
    {"QuantizeLayer", build_quantize_layer},
    {"QuantizeWrapper", build_quantize_wrapper},
    {"QuantizeWrapperV2", build_quantize_wrapper},
};

}  // namespace

std::span<const LayerRule> quantized_layers() {
  return kQuantizedLayers;
}

}  // namespace narrow::keras
