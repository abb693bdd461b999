#include "rows/element_tables.h"

#include "rows/describe.h"

namespace narrow {
namespace {

constexpr ParamField kAddTablesFields[] = {
    NARROW_BROADCAST_FIELDS(nw_add_tables_params, shape), NARROW_FIELD(nw_add_tables_params, multiplier),
    NARROW_FIELD(nw_add_tables_params, addend),           NARROW_FIELD(nw_add_tables_params, shift),
    NARROW_FIELD(nw_add_tables_params, out_min),          NARROW_FIELD(nw_add_tables_params, out_max)};
constexpr ParamTable kAddTablesParams =
    param_table<nw_add_tables_params, cost_of_shape<nw_add_tables_params>>("nw_add_tables_params", kAddTablesFields);

constexpr ParamField kSoftmaxTableFields[] = {NARROW_FIELD(nw_softmax_table_params, rows),
                                              NARROW_FIELD(nw_softmax_table_params, depth)};
constexpr ParamTable kSoftmaxTableParams = param_table<nw_softmax_table_params, cost_of_rows<nw_softmax_table_params>>(
    "nw_softmax_table_params", kSoftmaxTableFields);

constexpr ParamField kPreluTableFields[] = {
    NARROW_BROADCAST_FIELDS(nw_prelu_table_params, shape), NARROW_FIELD(nw_prelu_table_params, input_zero_point),
    NARROW_FIELD(nw_prelu_table_params, alpha_zero_point), NARROW_FIELD(nw_prelu_table_params, multiplier),
    NARROW_FIELD(nw_prelu_table_params, addend),           NARROW_FIELD(nw_prelu_table_params, shift)};
constexpr ParamTable kPreluTableParams = param_table<nw_prelu_table_params, cost_of_shape<nw_prelu_table_params>>(
    "nw_prelu_table_params", kPreluTableFields);

// Operands that are not repeated, behind the tables.
constexpr InPlace kOverOperand[] = {{.argument = 1, .strides = "shape.a_stride"},
                                    {.argument = 2, .strides = "shape.b_stride"}};

}  // namespace

const Kernel kAddTablesI8 = in_place(
    c_kernel_with_table<nw_add_tables_i8>("nw_add_tables_i8", "portable/arithmetic/add_tables.c", kAddTablesParams),
    kOverOperand);
const Kernel kSquaredDifferenceTablesI8 =
    in_place(c_kernel_with_table<nw_squared_difference_tables_i8>("nw_squared_difference_tables_i8",
                                                                  "portable/arithmetic/add_tables.c", kAddTablesParams),
             kOverOperand);
const Kernel kSoftmaxTableI8 =
    in_place(c_kernel_with_table<nw_softmax_table_i8>("nw_softmax_table_i8", "portable/activations/softmax_table.c",
                                                      kSoftmaxTableParams),
             kOverSecond);

const Kernel kPreluTableI8 = in_place(c_kernel_with_table<nw_prelu_table_i8>(
                                          "nw_prelu_table_i8", "portable/activations/prelu_table.c", kPreluTableParams),
                                      kOverSecond);

}  // namespace narrow
