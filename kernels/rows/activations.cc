#include "rows/activations.h"

#include "host/softmax.h"
#include "rows/tabulated.h"

extern "C" {
#include "portable/activations/hard_swish.h"
#include "portable/activations/leaky_relu.h"
#include "portable/activations/log_softmax.h"
#include "portable/activations/logistic.h"
#include "portable/activations/prelu.h"
#include "portable/activations/relu.h"
#include "portable/activations/softmax.h"
#include "portable/activations/table.h"
#include "portable/activations/tanh.h"
}

namespace narrow {
namespace {

constexpr ParamField kReluFields[] = {
    NARROW_FIELD(nw_relu_params, count),
    NARROW_FIELD(nw_relu_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_relu_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_relu_params, multiplier),
    NARROW_FIELD(nw_relu_params, shift),
    NARROW_FIELD(nw_relu_params, out_min),
    NARROW_FIELD(nw_relu_params, out_max),
};
constexpr ParamTable kReluParams =
    param_table<nw_relu_params, cost_of_count<nw_relu_params>>("nw_relu_params", kReluFields);

constexpr ParamField kLeakyReluFields[] = {
    NARROW_FIELD(nw_leaky_relu_params, count),
    NARROW_FIELD(nw_leaky_relu_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_leaky_relu_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_leaky_relu_params, multiplier),
    NARROW_FIELD(nw_leaky_relu_params, shift),
    NARROW_FIELD(nw_leaky_relu_params, alpha_multiplier),
    NARROW_FIELD(nw_leaky_relu_params, alpha_shift),
};
constexpr ParamTable kLeakyReluParams =
    param_table<nw_leaky_relu_params, cost_of_count<nw_leaky_relu_params>>("nw_leaky_relu_params", kLeakyReluFields);

constexpr ParamField kPreluFields[] = {
    NARROW_BROADCAST_FIELDS(nw_prelu_params, shape), NARROW_FIELD(nw_prelu_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_prelu_params, alpha_zero_point), NARROW_FIELD(nw_prelu_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_prelu_params, multiplier),       NARROW_FIELD(nw_prelu_params, shift),
    NARROW_FIELD(nw_prelu_params, alpha_multiplier), NARROW_FIELD(nw_prelu_params, alpha_shift),
};
constexpr ParamTable kPreluParams =
    param_table<nw_prelu_params, cost_of_shape<nw_prelu_params>>("nw_prelu_params", kPreluFields);

constexpr ParamField kHardSwishFields[] = {
    NARROW_FIELD(nw_hard_swish_params, count),
    NARROW_FIELD(nw_hard_swish_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_hard_swish_params, output_zero_point, "OUT_ZERO_POINT"),
    NARROW_FIELD(nw_hard_swish_params, output_multiplier, "OUT_MULTIPLIER"),
    NARROW_FIELD(nw_hard_swish_params, output_shift, "OUT_SHIFT"),
    NARROW_FIELD(nw_hard_swish_params, gate_multiplier),
    NARROW_FIELD(nw_hard_swish_params, gate_shift),
};
constexpr ParamTable kHardSwishParams =
    param_table<nw_hard_swish_params, cost_of_count<nw_hard_swish_params>>("nw_hard_swish_params", kHardSwishFields);

constexpr ParamField kSquashFields[] = {
    NARROW_FIELD(nw_squash_params, count),        NARROW_FIELD(nw_squash_params, input_zero_point, "IN_ZERO_POINT"),
    NARROW_FIELD(nw_squash_params, input_radius), NARROW_FIELD(nw_squash_params, multiplier),
    NARROW_FIELD(nw_squash_params, shift),
};
constexpr ParamTable kSquashParams =
    param_table<nw_squash_params, cost_of_count<nw_squash_params>>("nw_squash_params", kSquashFields);

constexpr ParamField kSquash16Fields[] = {
    NARROW_FIELD(nw_squash16_params, count),
    NARROW_FIELD(nw_squash16_params, multiplier),
    NARROW_FIELD(nw_squash16_params, shift),
    NARROW_FIELD(nw_squash16_params, table),
};
constexpr ParamTable kSquash16Params =
    param_table<nw_squash16_params, cost_of_count<nw_squash16_params>>("nw_squash16_params", kSquash16Fields);

constexpr ParamField kSquashFixed16Fields[] = {
    NARROW_FIELD(nw_squash_fixed16_params, count),
    NARROW_FIELD(nw_squash_fixed16_params, doublings),
};
constexpr ParamTable kSquashFixed16Params =
    param_table<nw_squash_fixed16_params, cost_of_count<nw_squash_fixed16_params>>("nw_squash_fixed16_params",
                                                                                   kSquashFixed16Fields);

constexpr ParamField kSoftmaxFields[] = {
    NARROW_FIELD(nw_softmax_params, rows),       NARROW_FIELD(nw_softmax_params, depth),
    NARROW_FIELD(nw_softmax_params, multiplier), NARROW_FIELD(nw_softmax_params, shift),
    NARROW_FIELD(nw_softmax_params, diff_min),
};
constexpr ParamTable kSoftmaxParams =
    param_table<nw_softmax_params, cost_of_rows<nw_softmax_params>>("nw_softmax_params", kSoftmaxFields);

constexpr ParamField kSoftmax16Fields[] = {
    NARROW_FIELD(nw_softmax16_params, rows),       NARROW_FIELD(nw_softmax16_params, depth),
    NARROW_FIELD(nw_softmax16_params, multiplier), NARROW_FIELD(nw_softmax16_params, shift),
    NARROW_FIELD(nw_softmax16_params, exp_table),  NARROW_FIELD(nw_softmax16_params, reciprocal_table),
};
constexpr ParamTable kSoftmax16Params =
    param_table<nw_softmax16_params, cost_of_rows<nw_softmax16_params>>("nw_softmax16_params", kSoftmax16Fields);

constexpr ParamField kSoftmaxFloatFields[] = {
    NARROW_FIELD(host::SoftmaxFloat, rows),      NARROW_FIELD(host::SoftmaxFloat, depth),
    NARROW_FIELD(host::SoftmaxFloat, table),     NARROW_FIELD(host::SoftmaxFloat, in_scale),
    NARROW_FIELD(host::SoftmaxFloat, out_scale), NARROW_FIELD(host::SoftmaxFloat, out_zero_point),
};
constexpr ParamTable kSoftmaxFloatParams =
    param_table<host::SoftmaxFloat, cost_of_rows<host::SoftmaxFloat>>("SoftmaxFloat", kSoftmaxFloatFields);

constexpr ParamField kLogSoftmaxFields[] = {
    NARROW_FIELD(nw_log_softmax_params, rows),
    NARROW_FIELD(nw_log_softmax_params, depth),
    NARROW_FIELD(nw_log_softmax_params, multiplier),
    NARROW_FIELD(nw_log_softmax_params, shift),
    NARROW_FIELD(nw_log_softmax_params, reverse_multiplier, "REV_MULTIPLIER"),
    NARROW_FIELD(nw_log_softmax_params, reverse_shift, "REV_SHIFT"),
    NARROW_FIELD(nw_log_softmax_params, diff_min),
};
constexpr ParamTable kLogSoftmaxParams =
    param_table<nw_log_softmax_params, cost_of_rows<nw_log_softmax_params>>("nw_log_softmax_params", kLogSoftmaxFields);

constexpr ParamField kTableFields[] = {NARROW_FIELD(nw_table_params, count)};
constexpr ParamTable kTableParams =
    param_table<nw_table_params, cost_of_count<nw_table_params>>("nw_table_params", kTableFields);

// SOFTMAX with its exponentials in a table.
template <class Out, void (*kFunction)(const nw_softmax_params&, const host::SoftmaxTable&, const nw_i8*, Out*)>
struct TabulatedSoftmax {
  static Packed pack(const KnownCall& call) {
    auto const& p = *static_cast<const nw_softmax_params*>(call.params);
    return {std::make_shared<const host::SoftmaxTable>(host::softmax_table(p)), 0, {}};
  }
  static void run(const KernelFrame& f) {
    kFunction(*static_cast<const nw_softmax_params*>(f.params), *static_cast<const host::SoftmaxTable*>(f.packed),
              static_cast<const nw_i8*>(f.pointers[0]), static_cast<Out*>(f.pointers[1]));
  }
  static constexpr KernelVariant kVariants[] = {{.name = "table of exponentials", .run = run, .pack = pack}};
};

constexpr const char* kReluRule =
    "nw_clamp(nw_requantize_double(in - IN_ZERO_POINT, MULTIPLIER, SHIFT) + OUT_ZERO_POINT, OUT_MIN, OUT_MAX)";

}  // namespace

const Kernel kReluI8 = by_rows(
    with_rule(
        in_place(tabulated_kernel<nw_relu_i8>("nw_relu_i8", "portable/activations/relu.c", kReluParams), kOverFirst),
        kReluRule),
    take_counted_rows<nw_relu_params>);
const Kernel kReluI16 = by_rows(
    with_rule(in_place(c_kernel<nw_relu_i16>("nw_relu_i16", "portable/activations/relu.c", kReluParams), kOverFirst),
              kReluRule),
    take_counted_rows<nw_relu_params>);

const Kernel kLeakyReluI8 = by_rows(
    in_place(
        tabulated_kernel<nw_leaky_relu_i8>("nw_leaky_relu_i8", "portable/activations/leaky_relu.c", kLeakyReluParams),
        kOverFirst),
    take_counted_rows<nw_leaky_relu_params>);
const Kernel kLeakyReluI16 = by_rows(
    in_place(c_kernel<nw_leaky_relu_i16>("nw_leaky_relu_i16", "portable/activations/leaky_relu.c", kLeakyReluParams),
             kOverFirst),
    take_counted_rows<nw_leaky_relu_params>);

const Kernel kPreluI8 =
    in_place(c_kernel<nw_prelu_i8>("nw_prelu_i8", "portable/activations/prelu.c", kPreluParams), kOverFirst);
const Kernel kPreluI16 =
    in_place(c_kernel<nw_prelu_i16>("nw_prelu_i16", "portable/activations/prelu.c", kPreluParams), kOverFirst);

const Kernel kHardSwishI8 = by_rows(
    in_place(
        tabulated_kernel<nw_hard_swish_i8>("nw_hard_swish_i8", "portable/activations/hard_swish.c", kHardSwishParams),
        kOverFirst),
    take_counted_rows<nw_hard_swish_params>);

const Kernel kLogisticFixedI8 = in_place(
    tabulated_kernel<nw_logistic_fixed_i8>("nw_logistic_fixed_i8", "portable/activations/logistic.c", kSquashParams),
    kOverFirst);
const Kernel kLogisticI16 = in_place(
    c_kernel<nw_logistic_i16>("nw_logistic_i16", "portable/activations/logistic.c", kSquash16Params), kOverFirst);
const Kernel kLogisticFixedI16 = in_place(
    c_kernel<nw_logistic_fixed_i16>("nw_logistic_fixed_i16", "portable/activations/logistic.c", kSquashFixed16Params),
    kOverFirst);

const Kernel kTanhFixedI8 = in_place(
    tabulated_kernel<nw_tanh_fixed_i8>("nw_tanh_fixed_i8", "portable/activations/tanh.c", kSquashParams), kOverFirst);
const Kernel kTanhI16 =
    in_place(c_kernel<nw_tanh_i16>("nw_tanh_i16", "portable/activations/tanh.c", kSquash16Params), kOverFirst);
const Kernel kTanhFixedI16 = in_place(
    c_kernel<nw_tanh_fixed_i16>("nw_tanh_fixed_i16", "portable/activations/tanh.c", kSquashFixed16Params), kOverFirst);

const Kernel kSoftmaxI8 =
    in_place(c_kernel<nw_softmax_i8>("nw_softmax_i8", "portable/activations/softmax.c", kSoftmaxParams,
                                     TabulatedSoftmax<nw_i8, host::softmax_i8>::kVariants),
             kOverFirst);
const Kernel kSoftmaxQ7 =
    in_place(c_kernel<nw_softmax_q7>("nw_softmax_q7", "portable/activations/softmax.c", kSoftmaxParams), kOverFirst);
const Kernel kSoftmaxI8I16 =
    c_kernel<nw_softmax_i8_i16>("nw_softmax_i8_i16", "portable/activations/softmax.c", kSoftmaxParams,
                                TabulatedSoftmax<nw_i16, host::softmax_i8_i16>::kVariants);
const Kernel kSoftmaxI16 = in_place(
    c_kernel<nw_softmax_i16>("nw_softmax_i16", "portable/activations/softmax.c", kSoftmax16Params), kOverFirst);
const Kernel kSoftmaxFloatI8 = c_kernel<host::softmax_float_i8>("softmax_float_i8", nullptr, kSoftmaxFloatParams);
const Kernel kSoftmaxFloatI8I16 =
    c_kernel<host::softmax_float_i8_i16>("softmax_float_i8_i16", nullptr, kSoftmaxFloatParams);

const Kernel kLogSoftmaxI8 =
    in_place(c_kernel<nw_log_softmax_i8>("nw_log_softmax_i8", "portable/activations/log_softmax.c", kLogSoftmaxParams),
             kOverFirst);
const Kernel kLogSoftmaxFloatI8 =
    c_kernel<host::log_softmax_float_i8>("log_softmax_float_i8", nullptr, kSoftmaxFloatParams);

const Kernel kTableI8 =
    with_rule(in_place(c_kernel_with_table<nw_table_i8>("nw_table_i8", "portable/activations/table.c", kTableParams),
                       kOverSecond),
              "TABLE[in + 128]");
const Kernel kTableU8 =
    with_rule(in_place(c_kernel_with_table<nw_table_u8>("nw_table_u8", "portable/activations/table.c", kTableParams),
                       kOverSecond),
              "TABLE[in]");
const Kernel kTableI8U8 = in_place(
    c_kernel_with_table<nw_table_i8_u8>("nw_table_i8_u8", "portable/activations/table.c", kTableParams), kOverSecond);
const Kernel kTableU8I8 = in_place(
    c_kernel_with_table<nw_table_u8_i8>("nw_table_u8_i8", "portable/activations/table.c", kTableParams), kOverSecond);
const Kernel kTableI8I16 =
    c_kernel_with_table<nw_table_i8_i16>("nw_table_i8_i16", "portable/activations/table.c", kTableParams);
const Kernel kTableU8I16 =
    c_kernel_with_table<nw_table_u8_i16>("nw_table_u8_i16", "portable/activations/table.c", kTableParams);
const Kernel kTableI16 =
    with_rule(in_place(c_kernel_with_table<nw_table_i16>("nw_table_i16", "portable/activations/table.c", kTableParams),
                       kOverSecond),
              "nw_interpolate(in, TABLE)");

}  // namespace narrow
