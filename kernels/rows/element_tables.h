// Kernels whose operands are looked up in tables that have been made of what portable kernels compute of single
// elements.
#pragma once

extern "C" {
#include "portable/activations/prelu_table.h"
#include "portable/activations/softmax_table.h"
#include "portable/arithmetic/add_tables.h"
}
#include "rows/kernel.h"

namespace narrow {

/// Of arguments (tables, a, b, out). Parameters: nw_add_tables_params.
extern const Kernel kAddTablesI8, kSquaredDifferenceTablesI8;

/// Of arguments (exponentials, in, out). Parameters: nw_softmax_table_params.
extern const Kernel kSoftmaxTableI8;

/// Of arguments (table, in, alpha, out). Parameters: nw_prelu_table_params.
extern const Kernel kPreluTableI8;

}  // namespace narrow
