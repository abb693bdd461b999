// Views: results that read an operand at even distances, dimension by dimension.
#pragma once

#include <span>

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

/// A view as the kernels walk it, over any number of dimensions. No extent may be 0.
class StridedCopy {
 public:
  StridedCopy(const View& view, int32_t element_bytes);

  /// dense = what the view sees of `in`.
  void gather(const std::byte* in, std::byte* dense) const;

  /// What the view sees of `out` = dense; the rest of `out` stays.
  void spread(const std::byte* dense, std::byte* out) const;

 private:
  std::vector<ViewDim> outer_;  // dimensions that the kernel has no room for
  nw_copy_strided_params inner_{};
  int64_t dense_bytes_ = 0;  // that one call of the kernel covers
};

/// A step that makes result 0 of what `view` sees of operand `operand`.
Result<Step> lower_view(const OpView& op, const View& view, size_t operand = 0);

}  // namespace narrow
