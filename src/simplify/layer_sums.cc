#include "simplify/layer_sums.h"

#include <algorithm>

#include "ops/def/operand_with.h"
#include "ops/def/shared_attributes.h"

namespace narrow {

LayerSums::LayerSums(const OpView& op, ChannelFlow flow)
    : weights_(*tensor_with(op, Role::weight)),
      depthwise_(op.op.def->weight_layout == WeightLayout::depthwise),
      bordered_(flow == ChannelFlow::bordered) {
  const Tensor& data = *tensor_with(op, Role::activation);
  const Shape& w = weights_.shape;
  data_channels_ = data.shape.back();
  outputs_ = depthwise_ ? w.back() : w[0];
  inputs_ = depthwise_ ? data_channels_ : w.back();
  taps_ = w.rank() == 4 ? int64_t{w[1]} * w[2] : 1;
  zero_point_ = data.quantization.zero_point();
  weight_zero_point_ = weights_.quantization.per_axis() ? 0 : weights_.quantization.zero_point();
}

int64_t LayerSums::weight(int64_t e) const {
  auto const i = static_cast<size_t>(e);
  int64_t const stored = weights_.dtype == DType::int16 ? weights_.values<int16_t>()[i] : weights_.values<int8_t>()[i];
  return stored - weight_zero_point_;
}

std::vector<ChannelTerm> LayerSums::terms(int output) const {
  int const each = depthwise_ ? 1 : inputs_;
  std::vector<ChannelTerm> out(static_cast<size_t>(each));
  for (int64_t tap = 0; tap < taps_; ++tap)
    for (int i = 0; i < each; ++i) {
      int64_t const w = weight(depthwise_ ? tap * outputs_ + output : (output * taps_ + tap) * inputs_ + i);
      (w > 0 ? out[static_cast<size_t>(i)].positive : out[static_cast<size_t>(i)].negative) += w;
    }
  return out;
}

ChannelRange LayerSums::reach(const ChannelTerm& term, const ChannelRange& values) const {
  int64_t lo = values.lo - zero_point_, hi = values.hi - zero_point_;
  if (!bordered_) return {term.positive * lo + term.negative * hi, term.positive * hi + term.negative * lo};
  lo = std::min<int64_t>(lo, 0);
  hi = std::max<int64_t>(hi, 0);
  return {term.positive * lo + term.negative * hi, term.positive * hi + term.negative * lo};
}

DType bias_type(const OpView& op) {
  if (const Tensor* const bias = tensor_with(op, Role::bias)) return bias->dtype;
  bool const narrow =
      tensor_with(op, Role::activation)->dtype == DType::int8 || attribute(op.op, kQuantizedBiasType) == DType::int32;
  return narrow ? DType::int32 : DType::int64;
}

std::vector<int64_t> stored_bias(const OpView& op, int outputs) {
  const Tensor* const bias = tensor_with(op, Role::bias);
  if (!bias) return std::vector<int64_t>(static_cast<size_t>(outputs), 0);
  auto const widened = [](auto values) { return std::vector<int64_t>(values.begin(), values.end()); };
  if (bias->dtype == DType::int8) return widened(bias->values<int8_t>());
  if (bias->dtype == DType::int16) return widened(bias->values<int16_t>());
  return bias->dtype == DType::int32 ? widened(bias->values<int32_t>()) : widened(bias->values<int64_t>());
}

float sum_scale(const OpView& op, int output) {
  const Quantization& weights = tensor_with(op, Role::weight)->quantization;
  return tensor_with(op, Role::activation)->quantization.scale() *
         weights.scales[weights.per_axis() ? static_cast<size_t>(output) : 0];
}

}  // namespace narrow
