// The calls of the LSTM's kernels for processors with the DSP extension and with Helium.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// Of a call of nw_lstm_i8 or nw_lstm_i16. `constants`: of each argument its bytes, empty where they are computed.
/// `wide`: weights beside 8-bit data are to be stored in 16 bits.
OtherCall dsp_lstm_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants, bool wide);

/// Likewise of a call of nw_lstm_i8, with vectors.
OtherCall helium_lstm_call(const KernelCall& call, std::span<const std::span<const std::byte>> constants);

}  // namespace narrow
