// The fields of nw_packed_window_params.
#pragma once

#include "portable/packed_window.h"
#include "rows/describe.h"

namespace narrow {

inline constexpr ParamField kPackedWindowFields[] = {
    NARROW_WINDOW_FIELDS(nw_packed_window_params, window), NARROW_FIELD(nw_packed_window_params, input_zero_point),
    NARROW_FIELD(nw_packed_window_params, min), NARROW_FIELD(nw_packed_window_params, max)};

}  // namespace narrow
