// What RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR share.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// From NHWC to NHWC; extents of images are in [1, 65535].
struct Resize {
  int32_t batches = 0;
  int32_t in_height = 0;
  int32_t in_width = 0;
  int32_t out_height = 0;
  int32_t out_width = 0;
  int32_t depth = 0;
};

/// From the data and operand 1, a constant with the new height and width. bad_file, or unsupported for a size that is
/// computed or out of range.
Result<Resize> resize_of(const OpView& op);

/// The shape that resize_of means.
Result<std::vector<Shape>> infer_resize(const OpView& op);

/// The element type that data and result share, and their quantization too where they have one; unsupported otherwise.
Result<DType> resize_dtype(const OpView& op);

/// The same scale and zero point for data and result.
constexpr QuantRule kResizeRule{.int8 = true,
                                .int16 = true,
                                .roles = {Role::activation, Role::index},
                                .output8 = ScaleRule::same,
                                .output16 = ScaleRule::same,
                                .versions = {.int8 = 2, .int16 = 4}};

}  // namespace narrow
