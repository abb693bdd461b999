#include "rows/arithmetic.h"

#include "host/elementwise.h"
#include "rows/describe.h"

extern "C" {
#include "helium/helium_add.h"
#include "portable/arithmetic/add_n.h"
#include "portable/arithmetic/choose.h"
#include "portable/arithmetic/compare.h"
#include "portable/arithmetic/div.h"
#include "portable/arithmetic/plain.h"
#include "portable/arithmetic/select.h"
#include "portable/arithmetic/squared_difference.h"
}

// MulFloatParams adds a member to a C struct; GCC and clang lay it out behind that struct's members.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace narrow {
namespace {

#define NARROW_SCALED_INPUT_FIELDS(Struct, input) \
  NARROW_FIELD(Struct, input.zero_point), NARROW_FIELD(Struct, input.multiplier), NARROW_FIELD(Struct, input.shift)

constexpr ParamField kAddFields[] = {
    NARROW_BROADCAST_FIELDS(nw_add_params, shape), NARROW_SCALED_INPUT_FIELDS(nw_add_params, a),
    NARROW_SCALED_INPUT_FIELDS(nw_add_params, b),  NARROW_FIELD(nw_add_params, sign),
    NARROW_FIELD(nw_add_params, left_shift),       NARROW_FIELD(nw_add_params, out_multiplier),
    NARROW_FIELD(nw_add_params, out_shift),        NARROW_FIELD(nw_add_params, out_zero_point),
    NARROW_FIELD(nw_add_params, out_min),          NARROW_FIELD(nw_add_params, out_max),
    NARROW_FIELD(nw_add_params, rounding)};
constexpr ParamTable kAddParams = param_table<nw_add_params, cost_of_shape<nw_add_params>>("nw_add_params", kAddFields);

#define NARROW_MUL_FIELDS(Struct)                                                                                 \
  NARROW_BROADCAST_FIELDS(Struct, shape), NARROW_FIELD(Struct, a_zero_point), NARROW_FIELD(Struct, b_zero_point), \
      NARROW_FIELD(Struct, multiplier), NARROW_FIELD(Struct, shift), NARROW_FIELD(Struct, out_zero_point),        \
      NARROW_FIELD(Struct, out_min), NARROW_FIELD(Struct, out_max), NARROW_FIELD(Struct, rounding)
constexpr ParamField kMulFields[] = {NARROW_MUL_FIELDS(nw_mul_params)};
constexpr ParamTable kMulParams = param_table<nw_mul_params, cost_of_shape<nw_mul_params>>("nw_mul_params", kMulFields);
constexpr ParamField kMulFloatFields[] = {NARROW_MUL_FIELDS(host::MulFloatParams),
                                          NARROW_FIELD(host::MulFloatParams, scale)};
constexpr ParamTable kMulFloatParams = param_table<host::MulFloatParams, cost_of_shape<host::MulFloatParams>>(
    "nw_mul_params and a float32 scale", kMulFloatFields);

KernelCost cost_of_add_n(const nw_add_n_params& p) {
  return {.elements = int64_t{p.count} * p.operands};
}
KernelCost cost_of_select(const nw_select_params& p) {
  return {.elements = product_of(p.extent)};
}

constexpr ParamField kAddNFields[] = {
    NARROW_FIELD(nw_add_n_params, count),         NARROW_FIELD(nw_add_n_params, operands),
    NARROW_FIELD(nw_add_n_params, zero_point),    NARROW_FIELD(nw_add_n_params, start),
    NARROW_FIELD(nw_add_n_params, multiplier),    NARROW_FIELD(nw_add_n_params, shift),
    NARROW_FIELD(nw_add_n_params, out_zero_point)};
constexpr ParamTable kAddNParams = param_table<nw_add_n_params, cost_of_add_n>("nw_add_n_params", kAddNFields);

constexpr ParamField kDivFields[] = {NARROW_BROADCAST_FIELDS(nw_div_params, shape),
                                     NARROW_FIELD(nw_div_params, a_zero_point),
                                     NARROW_FIELD(nw_div_params, b_zero_point),
                                     NARROW_FIELD(nw_div_params, multiplier),
                                     NARROW_FIELD(nw_div_params, shift),
                                     NARROW_FIELD(nw_div_params, wraps),
                                     NARROW_FIELD(nw_div_params, out_zero_point),
                                     NARROW_FIELD(nw_div_params, out_min),
                                     NARROW_FIELD(nw_div_params, out_max)};
constexpr ParamTable kDivParams = param_table<nw_div_params, cost_of_shape<nw_div_params>>("nw_div_params", kDivFields);

constexpr ParamField kSquaredDifferenceFields[] = {NARROW_BROADCAST_FIELDS(nw_squared_difference_params, shape),
                                                   NARROW_SCALED_INPUT_FIELDS(nw_squared_difference_params, a),
                                                   NARROW_SCALED_INPUT_FIELDS(nw_squared_difference_params, b),
                                                   NARROW_FIELD(nw_squared_difference_params, left_shift),
                                                   NARROW_FIELD(nw_squared_difference_params, multiplier),
                                                   NARROW_FIELD(nw_squared_difference_params, shift),
                                                   NARROW_FIELD(nw_squared_difference_params, out_zero_point)};
constexpr ParamTable kSquaredDifferenceParams =
    param_table<nw_squared_difference_params, cost_of_shape<nw_squared_difference_params>>(
        "nw_squared_difference_params", kSquaredDifferenceFields);

constexpr ParamField kChooseFields[] = {NARROW_BROADCAST_FIELDS(nw_choose_params, shape)};
constexpr ParamTable kChooseParams =
    param_table<nw_choose_params, cost_of_shape<nw_choose_params>>("nw_choose_params", kChooseFields);

constexpr ParamField kLogicalNotFields[] = {NARROW_FIELD(nw_logical_not_params, count)};
constexpr ParamTable kLogicalNotParams = param_table<nw_logical_not_params, cost_of_count<nw_logical_not_params>>(
    "nw_logical_not_params", kLogicalNotFields);

constexpr ParamField kCompareFields[] = {
    NARROW_BROADCAST_FIELDS(nw_compare_params, shape), NARROW_SCALED_INPUT_FIELDS(nw_compare_params, a),
    NARROW_SCALED_INPUT_FIELDS(nw_compare_params, b), NARROW_FIELD(nw_compare_params, accepts)};
constexpr ParamTable kCompareParams =
    param_table<nw_compare_params, cost_of_shape<nw_compare_params>>("nw_compare_params", kCompareFields);

constexpr ParamField kSelectFields[] = {
    NARROW_FIELD(nw_select_params, extent), NARROW_FIELD(nw_select_params, condition_stride),
    NARROW_FIELD(nw_select_params, a_stride), NARROW_FIELD(nw_select_params, b_stride),
    NARROW_FIELD(nw_select_params, element_bytes)};
constexpr ParamTable kSelectParams = param_table<nw_select_params, cost_of_select>("nw_select_params", kSelectFields);

constexpr ParamField kPlainFields[] = {NARROW_BROADCAST_FIELDS(nw_plain_params, shape),
                                       NARROW_FIELD(nw_plain_params, min, "OUT_MIN"),
                                       NARROW_FIELD(nw_plain_params, max, "OUT_MAX")};
constexpr ParamTable kPlainParams =
    param_table<nw_plain_params, cost_of_shape<nw_plain_params>>("nw_plain_params", kPlainFields);
constexpr ParamField kRelateFields[] = {NARROW_BROADCAST_FIELDS(nw_relate_params, shape),
                                        NARROW_FIELD(nw_relate_params, accepts)};
constexpr ParamTable kRelateParams =
    param_table<nw_relate_params, cost_of_shape<nw_relate_params>>("nw_relate_params", kRelateFields);

#undef NARROW_SCALED_INPUT_FIELDS
#undef NARROW_MUL_FIELDS

constexpr const char* kAddRule =
    "nw_clamp(nw_requantize_double(nw_requantize_double((a - A_ZERO_POINT) * ((int32_t)1 << LEFT_SHIFT), A_MULTIPLIER, "
    "A_SHIFT) + SIGN * nw_requantize_double((b - B_ZERO_POINT) * ((int32_t)1 << LEFT_SHIFT), B_MULTIPLIER, B_SHIFT), "
    "OUT_MULTIPLIER, OUT_SHIFT) + OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";
constexpr const char* kAddByRuleRule =
    "nw_clamp(nw_round_shift((a - A_ZERO_POINT) * ((int64_t)1 << A_SHIFT) + SIGN * ((b - B_ZERO_POINT) * ((int64_t)1 "
    "<< "
    "B_SHIFT)), OUT_SHIFT, ROUNDING) + OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";
constexpr const char* kMulRule =
    "nw_clamp(nw_requantize_double((int32_t)(a - A_ZERO_POINT) * (b - B_ZERO_POINT), MULTIPLIER, SHIFT) + "
    "OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";
constexpr const char* kMulByRuleRule =
    "nw_clamp(nw_shift_by((int32_t)(a - A_ZERO_POINT) * (b - B_ZERO_POINT), SHIFT, ROUNDING) + OUT_ZERO_POINT, "
    "OUT_MIN, OUT_MAX)";
constexpr const char* kMulOnceRule =
    "nw_clamp(nw_requantize_by((int32_t)(a - A_ZERO_POINT) * (b - B_ZERO_POINT), MULTIPLIER, SHIFT, ROUNDING) + "
    "OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";
constexpr const char* kLarger = "a > b ? a : b";
constexpr const char* kSmaller = "a < b ? a : b";

template <auto kFunction>
constexpr KernelVariant kVectorLoops[] = {same_call<kFunction>("vector loops")};

constexpr const char* kAddSource = "portable/arithmetic/add.c";
constexpr const char* kMulSource = "portable/arithmetic/mul.c";
constexpr const char* kDivSource = "portable/arithmetic/div.c";
constexpr const char* kSquaredDifferenceSource = "portable/arithmetic/squared_difference.c";
constexpr const char* kChooseSource = "portable/arithmetic/choose.c";
constexpr const char* kPlainSource = "portable/arithmetic/plain.c";
constexpr const char* kCompareSource = "portable/arithmetic/compare.c";

}  // namespace

constinit const Kernel kAddI8 = by_rows(
    with_rule(
        in_place(c_kernel<nw_add_i8>("nw_add_i8", kAddSource, kAddParams, kVectorLoops<host::add_i8>), kOverEither),
        kAddRule),
    take_paired_rows<nw_add_params>);
constinit const Kernel kHeliumAddI8 =
    in_place(c_kernel<nw_helium_add_i8>("nw_helium_add_i8", "helium/helium_add.c", kAddParams), kOverEither);
constinit const Kernel kAddI16 = by_rows(
    with_rule(
        in_place(c_kernel<nw_add_i16>("nw_add_i16", kAddSource, kAddParams, kVectorLoops<host::add_i16>), kOverEither),
        kAddRule),
    take_paired_rows<nw_add_params>);
constinit const Kernel kAddJointI8 = by_rows(
    in_place(c_kernel<nw_add_joint_i8>("nw_add_joint_i8", kAddSource, kAddParams, kVectorLoops<host::add_joint_i8>),
             kOverEither),
    take_paired_rows<nw_add_params>);
constinit const Kernel kAddByRuleI8 =
    by_rows(with_rule(in_place(c_kernel<nw_add_by_rule_i8>("nw_add_by_rule_i8", kAddSource, kAddParams,
                                                           kVectorLoops<host::add_by_rule_i8>),
                               kOverEither),
                      kAddByRuleRule),
            take_paired_rows<nw_add_params>);
constinit const Kernel kAddByRuleI16 =
    by_rows(with_rule(in_place(c_kernel<nw_add_by_rule_i16>("nw_add_by_rule_i16", kAddSource, kAddParams,
                                                            kVectorLoops<host::add_by_rule_i16>),
                               kOverEither),
                      kAddByRuleRule),
            take_paired_rows<nw_add_params>);
constinit const Kernel kAddOptimizedI8 =
    positional(c_kernel<host::add_optimized_i8>("add_optimized_i8", nullptr, kAddParams));
constinit const Kernel kAddOptimizedI16 =
    positional(c_kernel<host::add_optimized_i16>("add_optimized_i16", nullptr, kAddParams));

constinit const Kernel kMulI8 = by_rows(
    with_rule(
        in_place(c_kernel<nw_mul_i8>("nw_mul_i8", kMulSource, kMulParams, kVectorLoops<host::mul_i8>), kOverEither),
        kMulRule),
    take_paired_rows<nw_mul_params>);
constinit const Kernel kMulI16 = by_rows(
    with_rule(
        in_place(c_kernel<nw_mul_i16>("nw_mul_i16", kMulSource, kMulParams, kVectorLoops<host::mul_i16>), kOverEither),
        kMulRule),
    take_paired_rows<nw_mul_params>);
constinit const Kernel kMulByRuleI8 =
    by_rows(with_rule(in_place(c_kernel<nw_mul_by_rule_i8>("nw_mul_by_rule_i8", kMulSource, kMulParams), kOverEither),
                      kMulByRuleRule),
            take_paired_rows<nw_mul_params>);
constinit const Kernel kMulOnceI8 = by_rows(
    with_rule(in_place(c_kernel<nw_mul_once_i8>("nw_mul_once_i8", kMulSource, kMulParams), kOverEither), kMulOnceRule),
    take_paired_rows<nw_mul_params>);
constinit const Kernel kMulByRuleI16 =
    by_rows(with_rule(in_place(c_kernel<nw_mul_by_rule_i16>("nw_mul_by_rule_i16", kMulSource, kMulParams), kOverEither),
                      kMulByRuleRule),
            take_paired_rows<nw_mul_params>);
constinit const Kernel kMulFloatI8 = c_kernel<host::mul_float_i8>("mul_float_i8", nullptr, kMulFloatParams);

constinit const Kernel kAddNI8 = c_kernel<nw_add_n_i8>("nw_add_n_i8", "portable/arithmetic/add_n.c", kAddNParams);

constinit const Kernel kDivI8 = in_place(c_kernel<nw_div_i8>("nw_div_i8", kDivSource, kDivParams), kOverEither);
constinit const Kernel kDivI16 = in_place(c_kernel<nw_div_i16>("nw_div_i16", kDivSource, kDivParams), kOverEither);

constinit const Kernel kSquaredDifferenceI8 = in_place(
    c_kernel<nw_squared_difference_i8>("nw_squared_difference_i8", kSquaredDifferenceSource, kSquaredDifferenceParams),
    kOverEither);
constinit const Kernel kSquaredDifferenceI16 =
    in_place(c_kernel<nw_squared_difference_i16>("nw_squared_difference_i16", kSquaredDifferenceSource,
                                                 kSquaredDifferenceParams),
             kOverEither);

constinit const Kernel kMaximumI8 =
    with_rule(in_place(c_kernel<nw_maximum_i8>("nw_maximum_i8", kChooseSource, kChooseParams), kOverEither), kLarger);
constinit const Kernel kMaximumI16 =
    with_rule(in_place(c_kernel<nw_maximum_i16>("nw_maximum_i16", kChooseSource, kChooseParams), kOverEither), kLarger);
constinit const Kernel kMinimumI8 =
    with_rule(in_place(c_kernel<nw_minimum_i8>("nw_minimum_i8", kChooseSource, kChooseParams), kOverEither), kSmaller);
constinit const Kernel kMinimumI16 = with_rule(
    in_place(c_kernel<nw_minimum_i16>("nw_minimum_i16", kChooseSource, kChooseParams), kOverEither), kSmaller);
constinit const Kernel kLogicalAndU8 =
    in_place(c_kernel<nw_logical_and>("nw_logical_and", kChooseSource, kChooseParams), kOverEither);
constinit const Kernel kLogicalOrU8 =
    in_place(c_kernel<nw_logical_or>("nw_logical_or", kChooseSource, kChooseParams), kOverEither);
constinit const Kernel kLogicalNotU8 =
    in_place(c_kernel<nw_logical_not>("nw_logical_not", kChooseSource, kLogicalNotParams), kOverFirst);

constinit const Kernel kCompareI8 = c_kernel<nw_compare_i8>("nw_compare_i8", kCompareSource, kCompareParams);
constinit const Kernel kCompareI16 = c_kernel<nw_compare_i16>("nw_compare_i16", kCompareSource, kCompareParams);

constinit const Kernel kPlainAddI32 =
    in_place(c_kernel<nw_plain_add_i32>("nw_plain_add_i32", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainAddI64 =
    in_place(c_kernel<nw_plain_add_i64>("nw_plain_add_i64", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainSubI32 =
    in_place(c_kernel<nw_plain_sub_i32>("nw_plain_sub_i32", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainSubI64 =
    in_place(c_kernel<nw_plain_sub_i64>("nw_plain_sub_i64", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainMulI32 =
    in_place(c_kernel<nw_plain_mul_i32>("nw_plain_mul_i32", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainMulI64 =
    in_place(c_kernel<nw_plain_mul_i64>("nw_plain_mul_i64", kPlainSource, kPlainParams), kOverEither);
constinit const Kernel kPlainMaximumI32 = with_rule(
    in_place(c_kernel<nw_plain_maximum_i32>("nw_plain_maximum_i32", kPlainSource, kChooseParams), kOverEither),
    kLarger);
constinit const Kernel kPlainMaximumI64 = with_rule(
    in_place(c_kernel<nw_plain_maximum_i64>("nw_plain_maximum_i64", kPlainSource, kChooseParams), kOverEither),
    kLarger);
constinit const Kernel kPlainMinimumI32 = with_rule(
    in_place(c_kernel<nw_plain_minimum_i32>("nw_plain_minimum_i32", kPlainSource, kChooseParams), kOverEither),
    kSmaller);
constinit const Kernel kPlainMinimumI64 = with_rule(
    in_place(c_kernel<nw_plain_minimum_i64>("nw_plain_minimum_i64", kPlainSource, kChooseParams), kOverEither),
    kSmaller);

constinit const Kernel kRelateI8 = c_kernel<nw_relate_i8>("nw_relate_i8", kPlainSource, kRelateParams);
constinit const Kernel kRelateU8 = c_kernel<nw_relate_u8>("nw_relate_u8", kPlainSource, kRelateParams);
constinit const Kernel kRelateI16 = c_kernel<nw_relate_i16>("nw_relate_i16", kPlainSource, kRelateParams);
constinit const Kernel kRelateI32 = c_kernel<nw_relate_i32>("nw_relate_i32", kPlainSource, kRelateParams);
constinit const Kernel kRelateI64 = c_kernel<nw_relate_i64>("nw_relate_i64", kPlainSource, kRelateParams);

constinit const Kernel kSelectAny = c_kernel<nw_select>("nw_select", "portable/arithmetic/select.c", kSelectParams);

}  // namespace narrow
