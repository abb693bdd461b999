#include "rows/roots.h"

#include "host/sqrt.h"
#include "rows/tabulated.h"

extern "C" {
#include "portable/arithmetic/rsqrt.h"
}

namespace narrow {
namespace {

constexpr ParamField kRsqrtFields[] = {
    NARROW_FIELD(nw_rsqrt_params, count),
    NARROW_FIELD(nw_rsqrt_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_rsqrt_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_rsqrt_params, multiplier),
    NARROW_FIELD(nw_rsqrt_params, shift),
};
constexpr ParamTable kRsqrtParams =
    param_table<nw_rsqrt_params, cost_of_count<nw_rsqrt_params>>("nw_rsqrt_params", kRsqrtFields);

constexpr ParamField kSqrtFields[] = {
    NARROW_FIELD(host::SqrtParams, count),
    NARROW_FIELD(host::SqrtParams, input_scale),
    NARROW_FIELD(host::SqrtParams, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(host::SqrtParams, output_scale),
    NARROW_FIELD(host::SqrtParams, output_zero_point, "OUT_ZERO_POINT"),
};
constexpr ParamTable kSqrtParams =
    param_table<host::SqrtParams, cost_of_count<host::SqrtParams>>("SqrtParams", kSqrtFields);

}  // namespace

const Kernel kRsqrtI8 =
    in_place(tabulated_kernel<nw_rsqrt_i8>("nw_rsqrt_i8", "portable/arithmetic/rsqrt.c", kRsqrtParams), kOverFirst);
const Kernel kRsqrtI16 =
    in_place(c_kernel<nw_rsqrt_i16>("nw_rsqrt_i16", "portable/arithmetic/rsqrt.c", kRsqrtParams), kOverFirst);
const Kernel kSqrtI16 = c_kernel<host::sqrt_i16>("sqrt_i16", nullptr, kSqrtParams);

}  // namespace narrow
