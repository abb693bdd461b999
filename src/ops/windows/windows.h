// Ops that slide a window over images or resize them.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {

/// AVERAGE_POOL_2D, L2_POOL_2D and MAX_POOL_2D: a window slides over NHWC data; padding never takes part in the result.
struct Pool2dAttributes {
  Padding padding = Padding::same;
  int stride_h = 1;
  int stride_w = 1;
  int filter_h = 1;
  int filter_w = 1;
  Activation activation = Activation::none;
  static const AttributeType kType;
};
extern const OpDef kAveragePool2d;

/// How AVERAGE_POOL_2D of uint8 rounds, where that differs from int8: sums of uint8 are never negative, so ties go up.
/// Nothing for windows that always hold an odd number of elements, whose means are never ties.
std::optional<RoundingRule> unsigned_average_rounding(const Pool2dAttributes& pool);

extern const OpDef kL2Pool2d;  // the root of the mean square
extern const OpDef kMaxPool2d;

/// RESIZE_BILINEAR: operand 1: new height and width.
struct ResizeBilinearAttributes {
  bool align_corners = false;
  bool half_pixel_centers = false;
  static const AttributeType kType;
};
extern const OpDef kResizeBilinear;

/// RESIZE_NEAREST_NEIGHBOR: operand 1: new height and width.
struct ResizeNearestNeighborAttributes {
  bool align_corners = false;
  bool half_pixel_centers = false;
  static const AttributeType kType;
};
extern const OpDef kResizeNearestNeighbor;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kWindowOps[] = {&kAveragePool2d, &kL2Pool2d, &kMaxPool2d, &kResizeBilinear,
                                              &kResizeNearestNeighbor};

}  // namespace narrow
