#include "quantize/weights/layer_constants.h"

#include <algorithm>
#include <cmath>

#include "quantize/weights/power_of_two_scales.h"

namespace narrow {
namespace {

std::vector<float> scales_of(std::span<const float> w, const WeightChannels& channels, int bits) {
  std::vector<float> scales = largest_weights(w, channels);
  for (float& m : scales) m = weight_scale(m, bits);
  return scales;
}

template <class Int>
SharedBytes stored(std::span<const float> w, const WeightChannels& channels, const std::vector<float>& scales,
                   int bits) {
  std::vector<Int> q(w.size());
  auto const limit = static_cast<float>(symmetric_limit(bits));
  for (size_t i = 0; i < w.size(); ++i) q[i] = static_cast<Int>(to_weight(w[i], scales[channels.of(i)], limit));
  return SharedBytes::copy_of(std::span<const Int>(q));
}

Tensor store_weights(const Tensor& weights, const WeightChannels& channels, std::vector<float> scales, int axis,
                     int bits) {
  std::span<const float> const w = weights.values<float>();
  Tensor out = weights;
  out.dtype = bits == 16 ? DType::int16 : DType::int8;
  out.data = bits == 16 ? stored<int16_t>(w, channels, scales, bits) : stored<int8_t>(w, channels, scales, bits);
  out.quantization = {std::move(scales), std::vector<int64_t>(channels.count, 0), channels.count > 1 ? axis : 0};
  return out;
}

/// The largest bias, in steps of its scale, that does not enlarge the weight scale: half of what 32 bits hold, also
/// where 64 are stored, since some runtimes give 16x8 layers 32-bit accumulators.
constexpr double kBiasLimit = 1073741824.0;

/// Enlarges the scales of channels whose bias would not fit.
void fit_bias(std::vector<float>& scales, const std::vector<double>& bias, const LayerSpec& spec) {
  for (size_t c = 0; c < bias.size(); ++c) {
    float& s = scales[scales.size() > 1 ? c : 0];
    double const needed = std::fabs(bias[c]) / kBiasLimit / static_cast<double>(spec.input_scale);
    if (needed > static_cast<double>(s)) s = std::nextafter(static_cast<float>(needed), INFINITY);
  }
}

template <class Int>
void add_real(const Tensor& bias, std::vector<double>& out) {
  const Quantization& q = bias.quantization;
  auto const v = bias.values<Int>();
  for (size_t c = 0; c < v.size(); ++c)
    out.push_back(static_cast<double>(v[c]) * static_cast<double>(q.scales[q.per_axis() ? c : 0]));
}

/// The real values of a float32 constant, or of integers with scales along the channels.
std::vector<double> real_bias(const Tensor* bias) {
  std::vector<double> out;
  if (!bias) return out;
  switch (bias->dtype) {
    case DType::int8:
      add_real<int8_t>(*bias, out);
      break;
    case DType::int16:
      add_real<int16_t>(*bias, out);
      break;
    case DType::int32:
      add_real<int32_t>(*bias, out);
      break;
    case DType::int64:
      add_real<int64_t>(*bias, out);
      break;
    default:
      for (float v : bias->values<float>()) out.push_back(static_cast<double>(v));
  }
  return out;
}

template <class Int>
SharedBytes narrowed(const std::vector<int64_t>& values) {
  std::vector<Int> q(values.size());
  std::transform(values.begin(), values.end(), q.begin(), [](int64_t v) { return static_cast<Int>(v); });
  return SharedBytes::copy_of(std::span<const Int>(q));
}

/// A bias of integers that fit `bits`, with a scale for each or one for all.
Tensor bias_of(const Tensor& like, const std::vector<int64_t>& values, std::vector<float> scales, int bits) {
  Tensor out = like;
  switch (bits) {
    case 8:
      out.dtype = DType::int8;
      out.data = narrowed<int8_t>(values);
      break;
    case 16:
      out.dtype = DType::int16;
      out.data = narrowed<int16_t>(values);
      break;
    case 32:
      out.dtype = DType::int32;
      out.data = narrowed<int32_t>(values);
      break;
    default:
      out.dtype = DType::int64;
      out.data = narrowed<int64_t>(values);
  }
  std::vector<int64_t> zeros(scales.size(), 0);
  out.quantization = {std::move(scales), std::move(zeros), 0};
  return out;
}

std::vector<float> bias_scales(const std::vector<float>& weight_scales, const LayerSpec& spec) {
  std::vector<float> scales;
  for (float s : weight_scales) scales.push_back(spec.input_scale * s);
  return scales;
}

Tensor store_bias(const Tensor& bias, const std::vector<double>& values, const std::vector<float>& weight_scales,
                  const LayerSpec& spec) {
  std::vector<float> scales = bias_scales(weight_scales, spec);
  std::vector<int64_t> q;
  for (size_t c = 0; c < values.size(); ++c)
    q.push_back(static_cast<int64_t>(std::round(values[c] / static_cast<double>(scales[scales.size() > 1 ? c : 0]))));
  return bias_of(bias, q, std::move(scales), spec.widths.bias);
}

/// Sums that a layer's integers reach must stay below this.
double sum_limit(const LayerSpec& spec) {
  return spec.widths.arithmetic.accumulator_bits == 64 ? 0x1p47 : 0x1p31;
}

/// Enlarges the scales of channels whose sums could leave the accumulator: every input at its farthest, and the bias.
void fit_sums(std::vector<float>& scales, std::span<const float> w, const WeightChannels& channels,
              const std::vector<double>& bias, const LayerSpec& spec) {
  auto const limit = static_cast<float>(symmetric_limit(spec.widths.weights));
  std::vector<double> const real = bias.empty() ? std::vector<double>(channels.count, 0) : bias;
  for (bool fits = false; !fits;) {
    std::vector<double> sum(channels.count, 0);
    for (size_t i = 0; i < w.size(); ++i)
      sum[channels.of(i)] += std::fabs(to_weight(w[i], scales[channels.of(i)], limit));
    fits = true;
    for (size_t c = 0; c < real.size(); ++c) {
      size_t const at = channels.count > 1 ? c : 0;
      double const step = static_cast<double>(spec.input_scale) * static_cast<double>(scales[at]);
      // A bias of few bits may round away from zero by half of its own step, 2^k.
      double const reached =
          sum[at] * static_cast<double>(spec.max_input) + std::fabs(real[c]) / step * (1 + 0x1p-6) + 1;
      if (reached < sum_limit(spec)) continue;
      fits = false;
      double const factor = std::max(reached / sum_limit(spec), 1 + 0x1p-12);
      scales[at] = spec.widths.power_of_two
                       ? 2 * scales[at]
                       : std::nextafter(static_cast<float>(static_cast<double>(scales[at]) * factor), INFINITY);
      if (channels.count == 1) break;
    }
  }
}

/// A bias in a width of its own: integers, and the k of each.
struct NarrowBias {
  std::vector<int64_t> values;
  std::vector<int> shifts;
  double error = 0;  // in steps of the result
};

/// The least k for which a bias of so many steps fits.
int least_shift(double steps, double limit) {
  constexpr int kMostShift = 46;
  int k = 0;
  while (k < kMostShift && std::fabs(std::round(std::ldexp(steps, -k))) > limit) ++k;
  return k;
}

/// A layer in Qm.n with one weight scale has one k.
NarrowBias narrow_bias(const std::vector<double>& real, const std::vector<float>& weight_scales, const LayerSpec& spec,
                       int bits) {
  double const limit = std::ldexp(1.0, bits - 1) - 1;
  auto step = [&](size_t c) {
    return static_cast<double>(spec.input_scale * weight_scales[weight_scales.size() > 1 ? c : 0]);
  };
  NarrowBias out;
  for (size_t c = 0; c < real.size(); ++c) out.shifts.push_back(least_shift(real[c] / step(c), limit));
  if (spec.widths.power_of_two && weight_scales.size() == 1 && !real.empty())
    out.shifts.assign(real.size(), *std::max_element(out.shifts.begin(), out.shifts.end()));
  for (size_t c = 0; c < real.size(); ++c) {
    double const scale = std::ldexp(step(c), out.shifts[c]);
    double const q = std::clamp(std::round(real[c] / scale), -limit, limit);
    out.values.push_back(static_cast<int64_t>(q));
    out.error = std::max(out.error, std::fabs(real[c] - q * scale) / static_cast<double>(spec.output_scale));
  }
  return out;
}

/// In the width asked for; of several, the first that is good enough.
std::pair<NarrowBias, int> fitting_bias(const std::vector<double>& real, const std::vector<float>& weight_scales,
                                        const LayerSpec& spec) {
  if (spec.widths.bias != kAutoBias) {
    return {narrow_bias(real, weight_scales, spec, spec.widths.bias), spec.widths.bias};
  }
  for (int bits : {8, 16}) {
    NarrowBias b = narrow_bias(real, weight_scales, spec, bits);
    if (b.error < 0.25) return {std::move(b), bits};
  }
  return {narrow_bias(real, weight_scales, spec, 32), 32};
}

void set_narrow_bias(LayerConstants& out, const Tensor& bias, const std::vector<double>& real,
                     const std::vector<float>& weight_scales, const LayerSpec& spec) {
  auto const [chosen, bits] = fitting_bias(real, weight_scales, spec);
  std::vector<float> const steps = bias_scales(weight_scales, spec);
  std::vector<float> scales;
  for (size_t c = 0; c < real.size(); ++c)
    scales.push_back(std::ldexp(steps[steps.size() > 1 ? c : 0], chosen.shifts[c]));
  if (std::all_of(scales.begin(), scales.end(), [&](float s) { return s == scales.front(); })) scales.resize(1);
  out.bias = bias_of(bias, chosen.values, std::move(scales), bits);
  out.bias_bits = bits;
  out.bias_error = chosen.error;
  auto const [least, most] = std::minmax_element(chosen.shifts.begin(), chosen.shifts.end());
  out.least_shift = chosen.shifts.empty() ? 0 : *least;
  out.most_shift = chosen.shifts.empty() ? 0 : *most;
}

/// How many bits the widest weight of a channel has left, at least; 0 where no scale has grown.
int bits_left(const std::vector<float>& before, const std::vector<float>& after, int bits) {
  double most = 1;
  for (size_t i = 0; i < before.size(); ++i)
    most = std::max(most, static_cast<double>(after[i]) / static_cast<double>(before[i]));
  return most > 1 ? static_cast<int>(std::floor(bits - std::log2(most))) : 0;
}

}  // namespace

std::vector<float> weight_scales(const Tensor& weights, const LayerSpec& spec) {
  WeightChannels const channels = weight_channels(weights, spec.axis, spec.granularity);
  std::span<const float> const w = weights.values<float>();
  return spec.widths.power_of_two
             ? power_of_two_weight_scales(weights, channels, spec.axis, spec.widths.weights, spec.input)
             : scales_of(w, channels, spec.widths.weights);
}

LayerConstants quantize_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec) {
  WeightChannels const channels = weight_channels(weights, spec.axis, spec.granularity);
  std::vector<float> const before = weight_scales(weights, spec);
  std::vector<float> scales = before;
  std::vector<double> const real = real_bias(bias);
  LayerConstants out;
  if (spec.widths.is_tflite()) {
    fit_bias(scales, real, spec);
    if (bias) out.bias = store_bias(*bias, real, scales, spec);
  } else {
    fit_sums(scales, weights.values<float>(), channels, real, spec);
    out.weight_bits_left = bits_left(before, scales, spec.widths.weights);
    if (bias) set_narrow_bias(out, *bias, real, scales, spec);
  }
  for (size_t i = 0; i < scales.size(); ++i) out.widened_channels += scales[i] != before[i];
  out.weights = store_weights(weights, channels, std::move(scales), spec.axis, spec.widths.weights);
  return out;
}

Status rewrite_bias(LayerConstants& layer, const Tensor& bias, const LayerSpec& spec) {
  std::vector<double> const values = real_bias(&bias);
  const std::vector<float>& scales = layer.weights.quantization.scales;
  for (size_t c = 0; c < values.size(); ++c)
    if (!(std::fabs(values[c]) < 0x1p47 * static_cast<double>(spec.input_scale * scales[scales.size() > 1 ? c : 0])))
      return fail(ErrorKind::unsupported, "the bias of channel " + std::to_string(c) + " leaves 47 bits");
  set_narrow_bias(layer, bias, values, scales, spec);
  return {};
}

Result<LayerConstants> keep_layer(const Tensor& weights, const Tensor* bias, const LayerSpec& spec) {
  LayerConstants out{.weights = weights, .bias = std::nullopt};
  if (!bias) return out;
  if (!spec.widths.is_tflite()) {
    NARROW_CHECK(rewrite_bias(out, *bias, spec));
    return out;
  }
  std::vector<double> const values = real_bias(bias);
  std::vector<float> const scales = bias_scales(weights.quantization.scales, spec);
  for (size_t c = 0; c < values.size(); ++c)
    if (std::fabs(values[c]) > 2147483647.0 * static_cast<double>(scales[scales.size() > 1 ? c : 0]))
      return fail(ErrorKind::unsupported,
                  "the bias of channel " + std::to_string(c) + " does not fit 32 bits with the file's weight scales",
                  {}, "--keep-float leaves the op float");
  out.bias = store_bias(*bias, values, weights.quantization.scales, spec);
  return out;
}

Tensor quantize_weights(const Tensor& weights, int axis, Granularity granularity) {
  WeightChannels const channels = weight_channels(weights, axis, granularity);
  return store_weights(weights, channels, scales_of(weights.values<float>(), channels, 8), axis, 8);
}

Tensor quantize_constant(const Tensor& constant, const QuantParams& params) {
  std::span<const float> const v = constant.values<float>();
  Tensor out = constant;
  out.dtype = params.dtype;
  out.quantization = params.quantization();
  if (params.dtype == DType::int16) {
    std::vector<int16_t> q(v.size());
    std::transform(v.begin(), v.end(), q.begin(),
                   [&](float x) { return static_cast<int16_t>(quantize_value(x, params)); });
    out.data = SharedBytes::copy_of(std::span<const int16_t>(q));
  } else {
    std::vector<int8_t> q(v.size());
    std::transform(v.begin(), v.end(), q.begin(),
                   [&](float x) { return static_cast<int8_t>(quantize_value(x, params)); });
    out.data = SharedBytes::copy_of(std::span<const int8_t>(q));
  }
  return out;
}

}  // namespace narrow
