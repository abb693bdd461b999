// The calls of kernels that compute several elements in an instruction, in place of those of portable kernels.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// Of a call of nw_average_pool_i8, nw_max_pool_i8, nw_mul_i8, nw_maximum_i8 or nw_minimum_i8, for processors with the
/// DSP extension.
OtherCall dsp_wide_call(const KernelCall& call);

/// Of a call of nw_max_pool_i8, nw_mul_i8, nw_maximum_i8, nw_minimum_i8 or nw_table_i8, for processors with Helium.
OtherCall helium_wide_call(const KernelCall& call);

}  // namespace narrow
