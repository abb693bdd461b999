// A layer with its data, as plain numbers, and the model that it is.
#pragma once

#include <optional>

#include "one_op.h"
#include "ops/layers/layers.h"

namespace narrow {

enum class LayerKind { conv, depthwise, dense, transpose };

/// Height and width of something.
struct Pair {
  int h = 1, w = 1;
};

struct LayerCase {
  LayerKind kind = LayerKind::conv;
  DType data_type = DType::int8, weight_type = DType::int8;
  std::optional<DType> bias_type;           // none: the layer has no bias
  DType stated_bias_type = DType::float32;  // what the op says of a bias; float32: nothing
  std::optional<Arithmetic> says;           // what the model says of the arithmetic
  std::vector<int> data, weights;           // shapes: NHWC or [rows, in]; OHWI, [1, h, w, out] or [out, in]
  Pair result;                              // of a TRANSPOSE_CONV
  Pair stride, dilation;
  Padding padding = Padding::valid;
  Activation activation = Activation::none;
  float data_scale = 1, result_scale = 1;
  std::vector<float> weight_scales{1};  // one, or one for each output channel
  int64_t data_zero = 0, result_zero = 0;
  std::vector<int64_t> x, w, bias;  // x: of every sample of the batch
  std::vector<int> bias_shift;      // of each bias, where the model says its arithmetic
  int samples = 1;                  // each of shape `data`

  int channels() const { return kind == LayerKind::depthwise ? weights[3] : weights[0]; }
  float weight_scale(int channel) const {
    return weight_scales[weight_scales.size() == 1 ? 0 : static_cast<size_t>(channel)];
  }
  int activation_bits() const { return data_type == DType::int8 ? 8 : 16; }
};

/// The elements of a list in the type of a tensor.
template <class T>
std::vector<T> as(const std::vector<int64_t>& values) {
  std::vector<T> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(), [](int64_t v) { return static_cast<T>(v); });
  return out;
}

inline Shape shape_of(const std::vector<int>& dims) {
  return *Shape::make(dims);
}

/// The model of one op that a case stands for.
class LayerModel {
 public:
  explicit LayerModel(const LayerCase& c) : case_(c), op_(start()) {
    if (c.kind == LayerKind::transpose) {
      op_.constant<int32_t>(Shape::of({4}), {c.data[0], c.result.h, c.result.w, c.channels()});
      add_weights();
      add_data();
    } else {
      add_data();
      add_weights();
    }
    add_bias();
    Quantization const q = Quantization::of(c.result_scale, c.result_zero);
    c.data_type == DType::int8 ? op_.result<int8_t>(q) : op_.result<int16_t>(q);
    if (c.says) op_.says(*c.says);
  }

  const OneOp& op() const { return op_; }

  /// What narrow computes of the case's data.
  std::vector<int64_t> run(const char* profile_name, bool reference) const {
    return case_.data_type == DType::int8 ? run<int8_t>(profile_name, reference)
                                          : run<int16_t>(profile_name, reference);
  }

 private:
  template <class T>
  std::vector<int64_t> run(const char* profile_name, bool reference) const {
    auto const y = op_.run<T>(profile_name, {as<T>(case_.x)}, case_.samples, reference);
    return {y.begin(), y.end()};
  }

  OneOp start() const {
    const LayerCase& c = case_;
    switch (c.kind) {
      case LayerKind::conv:
        return {kConv2d, Conv2dAttributes{.padding = c.padding,
                                          .stride_h = c.stride.h,
                                          .stride_w = c.stride.w,
                                          .dilation_h = c.dilation.h,
                                          .dilation_w = c.dilation.w,
                                          .activation = c.activation,
                                          .quantized_bias_type = c.stated_bias_type}};
      case LayerKind::depthwise:
        return {kDepthwiseConv2d, DepthwiseConv2dAttributes{.padding = c.padding,
                                                            .stride_h = c.stride.h,
                                                            .stride_w = c.stride.w,
                                                            .dilation_h = c.dilation.h,
                                                            .dilation_w = c.dilation.w,
                                                            .activation = c.activation}};
      case LayerKind::dense:
        return {kFullyConnected,
                FullyConnectedAttributes{.activation = c.activation, .quantized_bias_type = c.stated_bias_type}};
      default:
        return {kTransposeConv, TransposeConvAttributes{.padding = c.padding,
                                                        .stride_h = c.stride.h,
                                                        .stride_w = c.stride.w,
                                                        .activation = c.activation,
                                                        .quantized_bias_type = c.stated_bias_type}};
    }
  }

  void add_data() {
    Quantization const q = Quantization::of(case_.data_scale, case_.data_zero);
    Shape const shape = shape_of(case_.data);
    case_.data_type == DType::int8 ? op_.input<int8_t>(shape, q) : op_.input<int16_t>(shape, q);
  }

  void add_weights() {
    Quantization const q{case_.weight_scales, std::vector<int64_t>(case_.weight_scales.size(), 0),
                         case_.kind == LayerKind::depthwise ? 3 : 0};
    Shape const shape = shape_of(case_.weights);
    if (case_.weight_type == DType::int4) {
      op_.int4_constant(shape, as<int8_t>(case_.w), q);
      return;
    }
    case_.weight_type == DType::int8 ? op_.constant(shape, as<int8_t>(case_.w), q)
                                     : op_.constant(shape, as<int16_t>(case_.w), q);
  }

  void add_bias() {
    if (!case_.bias_type) return;
    Quantization q;
    for (int c = 0; c < case_.channels(); ++c) {
      int const shift = case_.bias_shift.empty() ? 0 : case_.bias_shift[static_cast<size_t>(c)];
      q.scales.push_back(std::ldexp(case_.data_scale * case_.weight_scale(c), shift));
      q.zero_points.push_back(0);
    }
    Shape const shape = Shape::of({case_.channels()});
    switch (*case_.bias_type) {
      case DType::int8:
        op_.constant(shape, as<int8_t>(case_.bias), q);
        return;
      case DType::int16:
        op_.constant(shape, as<int16_t>(case_.bias), q);
        return;
      case DType::int32:
        op_.constant(shape, as<int32_t>(case_.bias), q);
        return;
      default:
        op_.constant(shape, case_.bias, q);
    }
  }

  const LayerCase& case_;
  OneOp op_;
};

}  // namespace narrow
