#include "rows/describe.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/svdf.h"
}

namespace narrow {
namespace {

KernelCost cost_of_svdf(const nw_svdf_params& p) {
  int64_t const filters = int64_t{p.batch} * p.units * p.rank;
  return {.macs = filters * (p.input_c + p.memory), .elements = filters + int64_t{p.batch} * p.units};
}

constexpr ParamField kSvdfFields[] = {
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
constexpr ParamTable kSvdfParams = param_table<nw_svdf_params, cost_of_svdf>("nw_svdf_params", kSvdfFields);

// The arguments of the C function, with what its constants are.
constexpr auto kSvdfArguments = [] {
  auto out = std::to_array(CFunction<nw_svdf_i8>::kArguments);
  out[1].holds = Holds::weights;
  for (size_t constants : {2, 3, 4}) out[constants].holds = Holds::constants;
  return out;
}();

}  // namespace

const Kernel kSvdfI8{"nw_svdf_i8", "portable/recurrent/svdf.c", &kSvdfParams, kSvdfArguments,
                     CFunction<nw_svdf_i8>::run};

}  // namespace narrow
