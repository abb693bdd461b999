// UNIDIRECTIONAL_SEQUENCE_LSTM on the host, bit for bit what the portable kernels compute: sums by the loops of layers,
// functions of gates by tables.
#ifndef NARROW_KERNELS_HOST_LSTM_H
#define NARROW_KERNELS_HOST_LSTM_H

#include <cstddef>
#include <cstdint>
#include <optional>

#include "conv.h"

extern "C" {
#include "portable/recurrent/lstm.h"
}

namespace narrow::host {

// The constants of an LSTM of data T. Layers have the rows of all gates one behind the other, from the first on that is
// there. Immutable, shared by threads.
template <class T>
struct PackedLstm {
  PackedConv<T> data, hidden;
  std::optional<PackedConv<T>> projection;
  int first_gate = 0;                       // 1 where the input gate follows from the forget gate
  const std::int16_t* sigmoid = nullptr;    // of each Q3.12 number from -32768 on
  const std::int16_t* tanh = nullptr;       // likewise
  const std::int16_t* cell_tanh = nullptr;  // of each number of the cell state
};

// How the sums of one gate are rescaled.
struct GateFactors {
  std::int32_t input_multiplier, hidden_multiplier;
  int input_shift, hidden_shift;
};

// The pointers of a call beside the data, which is not null but for states that are not kept and what the op lacks.
template <class T>
struct LstmPointers {
  const T* x;
  const nw_i16* peephole;
  T* hidden;
  nw_i16* cell;
  T* out;
};

// Sets the functions' tables, which are made once for all calls; false where a call's own table is another than that of
// the first call, which is not taken.
template <class T>
bool set_tables(const nw_lstm_params& p, PackedLstm<T>& packed);

template <class T>
std::size_t scratch_bytes(const nw_lstm_params& p, const PackedLstm<T>& packed);

template <class T>
void run(const nw_lstm_params& p, const PackedLstm<T>& packed, const LstmPointers<T>& at, std::byte* scratch);

}  // namespace narrow::host

#endif
