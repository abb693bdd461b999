#include "rows/wide.h"

#include "rows/describe.h"

extern "C" {
#include "dsp/dsp_extremes.h"
#include "dsp/dsp_mul.h"
#include "helium/helium_pair.h"
#include "helium/helium_table.h"
}

namespace narrow {
namespace {

KernelCost cost_of_pair(const nw_packed_pair_params& p) {
  return {.elements = p.count};
}
constexpr ParamField kPairFields[] = {NARROW_FIELD(nw_packed_pair_params, count)};
constexpr ParamTable kPairParams =
    param_table<nw_packed_pair_params, cost_of_pair>("nw_packed_pair_params", kPairFields);

KernelCost cost_of_mul(const nw_packed_mul_params& p) {
  return {.elements = int64_t{p.rows} * p.depth};
}
constexpr ParamField kMulFields[] = {
    NARROW_FIELD(nw_packed_mul_params, rows),         NARROW_FIELD(nw_packed_mul_params, depth),
    NARROW_FIELD(nw_packed_mul_params, b_step),       NARROW_FIELD(nw_packed_mul_params, a_zero_point),
    NARROW_FIELD(nw_packed_mul_params, b_zero_point), NARROW_FIELD(nw_packed_mul_params, multiplier),
    NARROW_FIELD(nw_packed_mul_params, addend),       NARROW_FIELD(nw_packed_mul_params, shift),
    NARROW_FIELD(nw_packed_mul_params, out_min),      NARROW_FIELD(nw_packed_mul_params, out_max)};
constexpr ParamTable kMulParams = param_table<nw_packed_mul_params, cost_of_mul>("nw_packed_mul_params", kMulFields);

KernelCost cost_of_table(const nw_table_params& p) {
  return {.elements = p.count, .vectors = true};
}
constexpr ParamField kTableFields[] = {NARROW_FIELD(nw_table_params, count)};
constexpr ParamTable kTableParams = param_table<nw_table_params, cost_of_table>("nw_table_params", kTableFields);

constexpr InPlace kOverBoth[] = {{.argument = 0}, {.argument = 1}};

template <auto kFunction>
constexpr Kernel pair_kernel(const char* name, const char* source) {
  return in_place(c_kernel<kFunction>(name, source, kPairParams), kOverBoth);
}

}  // namespace

// The second operand of a product may be repeated.
const Kernel kDspMulI8 = in_place(c_kernel<nw_dsp_mul_i8>("nw_dsp_mul_i8", "dsp/dsp_mul.c", kMulParams), kOverFirst);
const Kernel kHeliumMulI8 =
    in_place(c_kernel<nw_helium_mul_i8>("nw_helium_mul_i8", "helium/helium_pair.c", kMulParams), kOverFirst);

const Kernel kDspMaximumI8 = pair_kernel<nw_dsp_maximum_i8>("nw_dsp_maximum_i8", "dsp/dsp_extremes.c");
const Kernel kDspMinimumI8 = pair_kernel<nw_dsp_minimum_i8>("nw_dsp_minimum_i8", "dsp/dsp_extremes.c");
const Kernel kHeliumMaximumI8 = pair_kernel<nw_helium_maximum_i8>("nw_helium_maximum_i8", "helium/helium_pair.c");
const Kernel kHeliumMinimumI8 = pair_kernel<nw_helium_minimum_i8>("nw_helium_minimum_i8", "helium/helium_pair.c");

const Kernel kHeliumTableI8 = in_place(
    c_kernel_with_table<nw_helium_table_i8>("nw_helium_table_i8", "helium/helium_table.c", kTableParams), kOverSecond);

}  // namespace narrow
