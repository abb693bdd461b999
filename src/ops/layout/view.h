// Views: results that read an operand at even distances, dimension by dimension.
#pragma once

#include "ops/layout/move.h"

extern "C" {
#include "portable/layout/copy.h"
}

namespace narrow {

/// One dimension of a dense tensor as it reads another: the next element along it is `stride` elements further there;
/// backwards where negative, the same again where 0.
struct ViewDim {
  int64_t extent = 1;
  int64_t stride = 0;
};

/// The element at index i is the other tensor's at offset + sum of i[d] * dims[d].stride.
struct View {
  std::vector<ViewDim> dims;
  int64_t offset = 0;
};

/// Elements from one index to the next along each dimension of a dense tensor.
std::vector<int64_t> strides_of(const Shape& shape);

/// The view as the kernels walk it.
nw_copy_strided_params strided_params(const View& view, int32_t element_bytes);

/// A window of shape `box` inside of a dense tensor of shape `whole`, both of the same rank, that begins where an
/// operand of integers of `index_bytes` says. Begins that would let it stick out are taken as the nearest that do not,
/// which is what DYNAMIC_UPDATE_SLICE means; SLICE checks them before.
nw_window_params window_params(const Shape& whole, const Shape& box, int32_t element_bytes, int32_t index_bytes);

/// A step that makes result 0 of what `view` sees of operand `data`.
Result<Step> lower_view(const OpView& op, const View& view, size_t data = 0);

}  // namespace narrow
