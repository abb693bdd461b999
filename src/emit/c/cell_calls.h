// The calls of the kernels for processors with the DSP extension of GRU, RNN and SVDF.
#pragma once

#include "emit/c/gate_rows.h"

namespace narrow {

/// Of a call of nw_gru_i8, nw_rnn_i8 or nw_svdf_i8. `wide`: weights are to be stored in 16 bits.
OtherCall dsp_cell_call(const KernelCall& call, CallConstants constants, bool wide);

}  // namespace narrow
