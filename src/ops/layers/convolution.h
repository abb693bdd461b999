// What the convolution ops share: geometry, operands and the float forms.
#pragma once

#include <vector>

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "portable/window.h"

namespace narrow {

/// A resolved sliding window over NHWC data, with the padding behind the data beside that before it.
struct ConvGeometry : nw_window {
  int pad_bottom = 0, pad_right = 0;

  /// Whether windows reach beyond the data.
  bool is_bordered() const { return pad_top > 0 || pad_left > 0 || pad_bottom > 0 || pad_right > 0; }
};

/// Attributes common to CONV_2D and DEPTHWISE_CONV_2D, as one value.
struct SlideAttributes {
  Padding padding = Padding::same;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
};

/// The window of a layer with data `x` and a filter of filter_h x filter_w into `out_c` channels; bad_file where
/// `x` is not of rank 4 or the window does not fit.
Result<ConvGeometry> conv_geometry(const Shape& x, int filter_h, int filter_w, int out_c, const SlideAttributes& a);

/// The elements that the sums of a convolution take (SumInputs); the filter covers `filter_c` of the data's channels,
/// or, `depthwise`, one. `transposed`: the convolution that the geometry describes goes from the result to the data.
SumInputs sum_inputs_of(const ConvGeometry& g, int filter_c, bool depthwise, bool transposed = false);

/// The bias operand at index 2 is left out or has `channels` elements.
Status check_bias(const OpView& op, size_t index, int channels);

/// How the weights relate to the data: float with float, or integers that meet float data (hybrid).
enum class Numbers { floats, hybrid, integers };

/// What the element types of a layer ask for (`bias` may be null); unsupported names those that nothing computes.
Result<Numbers> numbers_of(const Tensor& data, const Tensor& weights, const Tensor* bias, const Tensor& result);

/// A constant's real values, whatever its element type: floats as they are, integers by their quantization.
std::vector<float> real_values_of(const Tensor& constant);

/// `n` floats rounded to the 8-bit grid of their own range: how float data meets integer weights in the hybrid
/// forms of TFLite (asymmetric, range widened to hold zero). `to` may be `from`.
void round_to_own_grid(const float* from, int64_t n, float* to);

}  // namespace narrow
