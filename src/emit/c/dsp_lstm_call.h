// The call of the LSTM's kernel for processors with the DSP extension.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// Of a call of nw_lstm_i8. `constants`: of each argument its bytes, empty where they are computed. `wide`: weights are
/// to be stored in 16 bits.
OtherCall dsp_lstm_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants, bool wide);

}  // namespace narrow
