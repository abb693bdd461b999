// The fields of nw_packed_add_params, and what kernels with them share.
#pragma once

#include "portable/packed_add.h"
#include "rows/describe.h"

namespace narrow {

inline constexpr ParamField kPackedAddFields[] = {
    NARROW_FIELD(nw_packed_add_params, count),        NARROW_FIELD(nw_packed_add_params, a.zero_point),
    NARROW_FIELD(nw_packed_add_params, a.multiplier), NARROW_FIELD(nw_packed_add_params, a.shift),
    NARROW_FIELD(nw_packed_add_params, b.zero_point), NARROW_FIELD(nw_packed_add_params, b.multiplier),
    NARROW_FIELD(nw_packed_add_params, b.shift),      NARROW_FIELD(nw_packed_add_params, multiplier),
    NARROW_FIELD(nw_packed_add_params, addend),       NARROW_FIELD(nw_packed_add_params, shift),
    NARROW_FIELD(nw_packed_add_params, min),          NARROW_FIELD(nw_packed_add_params, max)};

/// Either operand, neither of which repeats anything.
inline constexpr InPlace kOverBoth[] = {{.argument = 0}, {.argument = 1}};

}  // namespace narrow
