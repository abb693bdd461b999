// The fields of nw_svdf_params, and the work of a call with them.
#pragma once

#include "rows/describe.h"

extern "C" {
#include "portable/recurrent/svdf.h"
}

namespace narrow {

inline KernelCost cost_of_svdf(const nw_svdf_params& p) {
  int64_t const filters = int64_t{p.batch} * p.units * p.rank;
  return {.macs = filters * (p.input_c + p.memory), .elements = filters + int64_t{p.batch} * p.units};
}

inline constexpr ParamField kSvdfFields[] = {
    NARROW_FIELD(nw_svdf_params, batch),
    NARROW_FIELD(nw_svdf_params, input_c, "IN_C"),
    NARROW_FIELD(nw_svdf_params, units),
    NARROW_FIELD(nw_svdf_params, rank),
    NARROW_FIELD(nw_svdf_params, memory),
    NARROW_FIELD(nw_svdf_params, state_multiplier),
    NARROW_FIELD(nw_svdf_params, state_shift),
    NARROW_FIELD(nw_svdf_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_svdf_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_svdf_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_svdf_params, act_min, "OUT_MIN"),
    NARROW_FIELD(nw_svdf_params, act_max, "OUT_MAX"),
};

}  // namespace narrow
