// Kernels of activation functions and of tables.
#pragma once

#include "rows/kernel.h"

namespace narrow {

// Arguments: input, output. Parameters: nw_relu_params and so on.
extern const Kernel kReluI8, kReluI16;
extern const Kernel kLeakyReluI8, kLeakyReluI16;
extern const Kernel kHardSwishI8;
extern const Kernel kLogisticFixedI8, kTanhFixedI8;    // nw_squash_params
extern const Kernel kLogisticI16, kTanhI16;            // nw_squash16_params
extern const Kernel kLogisticFixedI16, kTanhFixedI16;  // nw_squash_fixed16_params
extern const Kernel kSoftmaxI8, kSoftmaxQ7, kSoftmaxI8I16, kSoftmaxI16;
extern const Kernel kLogSoftmaxI8;

// Arguments: input, slopes, output.
extern const Kernel kPreluI8, kPreluI16;

// Arguments: table, input, output. Parameters: nw_table_params.
extern const Kernel kTableI8, kTableU8, kTableI8U8, kTableU8I8, kTableI8I16, kTableU8I16, kTableI16;

// LiteRT's default interpreter, by float32. Arguments: input, output. Parameters: host::SoftmaxFloat.
extern const Kernel kSoftmaxFloatI8, kSoftmaxFloatI8I16, kLogSoftmaxFloatI8;

}  // namespace narrow
