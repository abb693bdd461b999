// Windows: boxes inside of a dense tensor that begin where an operand says when the op runs (SLICE,
// DYNAMIC_UPDATE_SLICE). Begins that would let them stick out are taken as the nearest that do not, which is what
// DYNAMIC_UPDATE_SLICE means; SLICE looks before.
#pragma once

#include "ops/layout/view.h"

namespace narrow {

/// A window of shape `box` inside of a tensor of shape `whole`, both of the same rank.
class BoxWindow {
 public:
  /// `index_bytes`: of the integers that say where it begins, 4 or 8.
  BoxWindow(const Shape& whole, const Shape& box, int32_t element_bytes, int32_t index_bytes);

  /// Bytes from the beginning of the whole to that of the window.
  int64_t at(const std::byte* begins) const;

  /// The box, from the beginning of the window on.
  const StridedCopy& copy() const { return copy_; }

 private:
  std::vector<int64_t> last_, strides_;  // largest begin, and bytes from one index to the next, for each dimension
  int32_t index_bytes_;
  StridedCopy copy_;
};

}  // namespace narrow
