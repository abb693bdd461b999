// Random calls of the LSTM's portable kernels, and how calls of other kernels with the same results are run.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "emit/c/packed_layer.h"
#include "emit/run_call.h"
#include "ops/integer/tables.h"
#include "random.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/lstm.h"
}

namespace narrow {

/// A call of nw_lstm_i8 or nw_lstm_i16 whose constants all are arrays of it. Its operands are the data, and states
/// where they are kept.
struct LstmLayer {
  KernelCall call;
  int64_t inputs = 0, outputs = 0;  // bytes
  int64_t hidden = 0;               // likewise of a state; 0: states are not kept
  int64_t cell = 0;                 // elements
};

/// What an LSTM is given, and after a run what has become of it: bytes of data and hidden state, whatever their width.
struct LstmData {
  std::vector<int8_t> input, hidden;
  std::vector<int16_t> cell;
  std::vector<int8_t> output;
};

/// `halfwords`: of 16-bit data.
inline LstmLayer random_lstm(Random& r, int most_size = 21, bool halfwords = false) {
  nw_lstm_params p{};
  p.batch = static_cast<nw_i32>(r.between(1, 2));
  p.time = static_cast<nw_i32>(r.between(1, 4));
  bool const time_major = r.chance(0.3), kept = r.chance(0.5);
  p.batch_step = time_major ? 1 : p.time;
  p.time_step = time_major ? p.batch : 1;
  p.input_c = static_cast<nw_i32>(r.between(1, most_size));
  p.cells = p.output_c = static_cast<nw_i32>(r.between(1, most_size));
  p.cell_bits = static_cast<nw_i32>(r.chance(0.6) ? 3 : r.between(0, 6));
  p.cell_clip = static_cast<nw_i32>(r.chance(0.5) ? -1 : r.between(0, 32767));
  if (!halfwords)
    p.hidden_zero_point = p.given_zero_point = static_cast<nw_i32>(r.chance(0.5) ? 0 : r.between(-128, 127));
  auto const factor = [&](nw_i32& multiplier, int& shift, int64_t least, int64_t most) {
    multiplier = r.chance(0.02) ? 0 : static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
    shift = static_cast<int>(r.between(least, most));
  };
  bool const ordinary = r.chance(0.8);
  int const least = halfwords  ? (ordinary ? -12 : -17)
                    : ordinary ? -3
                               : -22,
            most = halfwords  ? (ordinary ? -7 : -1)
                   : ordinary ? 1
                              : 7;
  for (int g = 0; g < NW_LSTM_GATES; ++g) {
    factor(p.input_multiplier[g], p.input_shift[g], least, most);
    factor(p.hidden_multiplier[g], p.hidden_shift[g], least, most);
  }
  p.output_multiplier = static_cast<nw_i32>(r.between(1 << 30, INT32_MAX));
  int const far = halfwords ? 8 : 0;
  p.output_shift = static_cast<int>(r.between(-23 + far, r.chance(0.8) ? -21 + far : -1));

  LstmLayer out;
  int64_t const bytes = halfwords ? 2 : 1;
  out.inputs = bytes * p.batch * p.time * p.input_c;
  out.outputs = bytes * p.batch * p.time * p.cells;
  if (kept) out.cell = int64_t{p.batch} * p.cells;
  out.hidden = bytes * out.cell;
  out.call = kernel_call(halfwords ? kLstmI16 : kLstmI8, p, {operand(0)});
  KernelCall& call = out.call;
  auto const add = [&call](const char* name, ElementType type, const auto& values) {
    call.arguments.push_back(array(call.arrays.size()));
    call.arrays.push_back(constant_array(name, type, values));
  };
  int8_t const least_weight = r.chance(0.7) ? -127 : -128;  // with -128, weights may not fold
  for (int64_t columns : {p.input_c, p.cells})
    for (int g = 0; g < NW_LSTM_GATES; ++g) {
      auto weights = r.values<int8_t>(columns * p.cells);
      for (int8_t& w : weights) w = std::max(w, least_weight);
      add("weights", ElementType::i8, weights);
    }
  for (const char* name : {"bias", "hidden_bias"}) {
    std::vector<int64_t> values;
    for (int i = 0; i < NW_LSTM_GATES * p.cells; ++i)
      values.push_back(r.between(-20000, 20000) * (halfwords ? 256 : 1));
    if (halfwords)
      add(name, ElementType::i64, values);
    else
      add(name, ElementType::i32, std::vector<int32_t>(values.begin(), values.end()));
  }
  call.arguments.insert(call.arguments.end(), {absent(), absent(), absent()});
  call.arguments.push_back(kept ? operand(1) : absent());
  call.arguments.push_back(kept ? operand(2) : absent());
  call.arguments.insert(call.arguments.end(), {result(), scratch()});
  call.scratch_bytes = 2 * (6 * int64_t{p.cells} + p.output_c);
  call.point("table", constant_array("table", ElementType::u16, squash_table()));
  return out;
}

inline LstmData random_data(const LstmLayer& l, Random& r) {
  return {r.values<int8_t>(l.inputs), r.values<int8_t>(l.hidden), r.values<int16_t>(l.cell), {}};
}

/// What a call makes of the data of a layer.
inline LstmData run(const KernelCall& call, const LstmLayer& layer, LstmData data) {
  data.output.assign(static_cast<size_t>(layer.outputs), 0);
  run_call(call, {data.input.data(), data.hidden.data(), data.cell.data()}, {data.output.data()});
  return data;
}

}  // namespace narrow
