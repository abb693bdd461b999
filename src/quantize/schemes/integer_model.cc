#include "quantize/schemes/integer_model.h"

#include <algorithm>

#include "ops/def/operand_with.h"
#include "ops/integer/own_arithmetic.h"
#include "quantize/params.h"

namespace narrow {
namespace {

bool is_quantized_integer(const Tensor& t) {
  return t.quantization.present() && !t.is_float();
}

bool is_border(const Op& op) {
  return conversion_of(op) == Conversion::quantize || conversion_of(op) == Conversion::dequantize;
}

bool in_power_of_two_scales(const Quantization& q) {
  return std::all_of(q.scales.begin(), q.scales.end(), [](float s) { return fraction_bits(s).has_value(); }) &&
         std::all_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z == 0; });
}

/// Whether f(op) holds for some integer layer.
template <class F>
bool some_layer(const Model& model, F f) {
  for (const Graph& graph : model.graphs)
    for (const Op& op : graph.ops) {
      OpView const view{graph, op};
      const Tensor* const weights = tensor_with(view, Role::weight);
      if (weights && is_quantized_integer(*weights) && f(view, *weights)) return true;
    }
  return false;
}

/// Whether weights are integers of `bits` as they are, or become such number by number.
bool fit(const Tensor& weights, int bits) {
  if (bits >= 8) return bits == 16 || element_bytes(weights.dtype) == 1;
  return weights.dtype == DType::int8 && fit_bits(weights.values<int8_t>(), bits);
}

Arithmetic arithmetic_of(const OpView& layer) {
  return layer.op.arithmetic.value_or(tflite_arithmetic(layer).value_or(Arithmetic{}));
}

}  // namespace

std::optional<IntegerModel> integer_model(const Model& model) {
  IntegerModel out;
  for (const Graph& graph : model.graphs)
    for (const Op& op : graph.ops) {
      if (is_border(op)) {
        out.float_borders |= graph.tensor(op.inputs[0]).is_float() || graph.tensor(op.outputs[0]).is_float();
        continue;
      }
      for (const auto& list : {op.inputs, op.outputs})
        for (int t : list) {
          if (t == kNoTensor) continue;
          const Tensor& tensor = graph.tensor(t);
          if (tensor.is_float()) return std::nullopt;
          if (!is_quantized_integer(tensor) || element_bytes(tensor.dtype) > 2) continue;
          out.power_of_two = out.power_of_two && in_power_of_two_scales(tensor.quantization);
          if (!tensor.constant) (element_bytes(tensor.dtype) == 1 ? out.bytes : out.words) = true;
        }
    }
  if (!out.bytes && !out.words) return std::nullopt;
  return out;
}

std::string unmet(const Model& model, const IntegerModel& form, const Asked& asked) {
  if (asked.activations) {
    bool const has = *asked.activations == 8 ? !form.words : *asked.activations == 16 && !form.bytes;
    if (!has) return "activations";
  }
  if (asked.power_of_two && *asked.power_of_two != form.power_of_two) return "scales";
  if (asked.weights && some_layer(model, [&](const OpView&, const Tensor& w) { return !fit(w, *asked.weights); }))
    return "weights";
  if (asked.granularity) {
    bool const channels = *asked.granularity == Granularity::channel;
    if (some_layer(model, [&](const OpView& op, const Tensor& w) {
          int const axis = op.op.def->quant.weight_axis;
          bool const several = axis < w.shape.rank() && w.shape[axis] > 1;
          return channels ? several && !w.quantization.per_axis() : w.quantization.per_axis();
        }))
      return "granularity";
  }
  if (asked.accumulator && some_layer(model, [&](const OpView& op, const Tensor&) {
        return arithmetic_of(op).accumulator_bits != *asked.accumulator;
      }))
    return "accumulator";
  if (asked.rounding &&
      some_layer(model, [&](const OpView& op, const Tensor&) { return arithmetic_of(op).rounding != *asked.rounding; }))
    return "rounding";
  return {};
}

}  // namespace narrow
