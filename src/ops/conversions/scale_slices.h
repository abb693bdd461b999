// Parts of a tensor that have one scale each: what QUANTIZE and DEQUANTIZE walk over.
#pragma once

#include <vector>

#include "graph/tensor.h"
#include "host/quantize.h"

namespace narrow {

/// Consecutive elements with one scale: `inner` of them for each index along the axis, `outer` times over.
class ScaleSlices {
 public:
  /// `tensor` has scales: one, or one for each index along its axis.
  explicit ScaleSlices(const Tensor& tensor) : inner_(tensor.elements()) {
    const Quantization& q = tensor.quantization;
    if (q.per_axis()) {
      outer_ = tensor.shape.product(0, q.axis);
      inner_ = tensor.shape.product(q.axis + 1, tensor.shape.rank());
    }
    for (size_t i = 0; i < q.scales.size(); ++i) {
      int64_t const zero = q.zero_points.empty() ? 0 : q.zero_points[q.zero_points.size() == 1 ? 0 : i];
      scales_.push_back({q.scales[i], static_cast<int32_t>(zero)});
    }
  }

  /// convert(scale, in, out, elements) for each part.
  template <class In, class Out, class F>
  void each(const In* in, Out* out, F convert) const {
    for (int64_t o = 0; o < outer_; ++o)
      for (const host::Affine& scale : scales_) {
        convert(scale, in, out, inner_);
        in += inner_;
        out += inner_;
      }
  }

 private:
  int64_t outer_ = 1;
  int64_t inner_;
  std::vector<host::Affine> scales_;
};

}  // namespace narrow
