// Kernels that compute several elements in an instruction of the DSP extension or of Helium, where no weights are
// involved. They give what the portable kernels give.
#pragma once

#include "rows/kernel.h"

extern "C" {
#include "portable/packed_pair.h"
}

namespace narrow {

/// Of arguments (a, b, out). Parameters: nw_packed_mul_params; nw_packed_pair_params of the others.
extern const Kernel kDspMulI8, kHeliumMulI8;
extern const Kernel kDspMaximumI8, kDspMinimumI8, kHeliumMaximumI8, kHeliumMinimumI8;

/// Of arguments (table, in, out). Parameters: nw_table_params.
extern const Kernel kHeliumTableI8;

}  // namespace narrow
