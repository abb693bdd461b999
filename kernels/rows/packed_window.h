// The fields of nw_packed_window_params, and what kernels with them share.
#pragma once

#include "portable/packed_window.h"
#include "rows/describe.h"

namespace narrow {

inline constexpr ParamField kPackedWindowFields[] = {
    NARROW_WINDOW_FIELDS(nw_packed_window_params, window), NARROW_FIELD(nw_packed_window_params, input_zero_point),
    NARROW_FIELD(nw_packed_window_params, min), NARROW_FIELD(nw_packed_window_params, max)};

/// The image, where of a channel nothing is written that is still to be read, and other channels are not touched.
inline constexpr InPlace kChannelByChannel[] = {{.argument = 0, .shrinks = true}};

}  // namespace narrow
