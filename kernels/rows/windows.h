// Kernels of pools and of the ops that resize images, of arguments (in, out).
#pragma once

#include "rows/kernel.h"

namespace narrow {

/// Parameters: nw_pool_params.
extern const Kernel kAveragePoolI8, kAveragePoolI16, kAveragePoolByRuleI8, kAveragePoolByRuleI16, kMaxPoolI8,
    kMaxPoolI16;
extern const Kernel kDspAveragePoolI8, kDspMaxPoolI8, kHeliumAveragePoolI8, kHeliumMaxPoolI8;

/// The first members of nw_pool_params: what pools of real numbers are described by.
extern const ParamTable kPoolSizes;

/// RESIZE_BILINEAR. Parameters: nw_resize_bilinear_params; nw_resize_parts_params of XNNPACK's.
extern const Kernel kResizeBilinearI8, kResizeBilinearI16, kResizePartsI8;

/// RESIZE_NEAREST_NEIGHBOR. Parameters: nw_resize_nearest_params.
extern const Kernel kResizeNearestAny;

}  // namespace narrow
