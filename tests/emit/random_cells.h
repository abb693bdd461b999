// Random calls of the portable kernels of GRU, RNN and SVDF, and how calls of other kernels with the same results are
// run.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "emit/c/gate_rows.h"
#include "emit/run_call.h"
#include "ops/integer/tables.h"
#include "random.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/gru.h"
#include "portable/recurrent/rnn.h"
#include "portable/recurrent/svdf.h"
}

namespace narrow {

/// A call whose constants all are arrays of it. Operand 0 is the data, operand 1 what samples begin with, operand 2 a
/// state that is kept; result 1 the last hidden state.
struct CellLayer {
  static constexpr size_t kState = 2;
  KernelCall call;
  std::vector<int64_t> operand_bytes = {0, 0, 0}, result_bytes = {0, 0};
};

/// The bytes of operands, and of results after a run.
struct CellData {
  std::vector<std::vector<std::byte>> operands, results;
  bool operator==(const CellData&) const = default;
};

/// Makes a layer argument by argument.
class CellMaker {
 public:
  CellMaker(const Kernel& kernel, Random& r) : r_(r) { layer_.call.kernel = &kernel; }

  template <class T>
  void constant(ElementType type, const std::vector<T>& values) {
    layer_.call.arguments.push_back(array(layer_.call.arrays.size()));
    layer_.call.arrays.push_back(constant_array("constant", type, values));
  }
  void weights(int64_t count) {
    int8_t const least = r_.chance(0.7) ? -127 : -128;  // with -128, weights may not fold
    auto values = r_.values<int8_t>(count);
    for (int8_t& w : values) w = std::max(w, least);
    constant(ElementType::i8, values);
  }
  void biases(int64_t count, int64_t most, double there = 1) {
    if (!r_.chance(there)) return leave_out();
    std::vector<int32_t> values(static_cast<size_t>(count));
    for (int32_t& v : values) v = static_cast<int32_t>(r_.between(-most, most));
    constant(ElementType::i32, values);
  }
  void operand_of(size_t index, int64_t bytes, bool there = true) {
    layer_.call.arguments.push_back(there ? operand(index) : absent());
    layer_.operand_bytes[index] = there ? bytes : 0;
  }
  void result_of(size_t index, int64_t bytes, bool there = true) {
    layer_.call.arguments.push_back(there ? result(index) : absent());
    layer_.result_bytes[index] = there ? bytes : 0;
  }
  void leave_out() { layer_.call.arguments.push_back(absent()); }
  void scratch_of(int64_t bytes) {
    layer_.call.arguments.push_back(scratch());
    layer_.call.scratch_bytes = bytes;
  }

  template <class Params>
  CellLayer made(const Params& p) {
    layer_.call.params.resize(sizeof p);
    std::memcpy(layer_.call.params.data(), &p, sizeof p);
    return std::move(layer_);
  }
  void point(const char* field, ConstantArray values) { layer_.call.point(field, std::move(values)); }

  nw_i32 number(int64_t least, int64_t most) { return static_cast<nw_i32>(r_.between(least, most)); }
  nw_i32 zero_point() { return r_.chance(0.5) ? 0 : number(-128, 127); }
  void factor(nw_i32& multiplier, int& shift, int least, int most) {
    multiplier = r_.chance(0.02) ? 0 : number(1 << 30, INT32_MAX);
    shift = number(least, most);
  }
  /// Of rows, such that most sums become numbers of 16 bits.
  void factors(const char* field, int64_t count) {
    std::vector<int16_t> values(static_cast<size_t>(count));
    for (int16_t& v : values) v = static_cast<int16_t>(r_.chance(0.02) ? 0 : r_.between(1, INT16_MAX));
    point(field, constant_array("factor", ElementType::i16, values));
  }
  int right() { return r_.chance(0.8) ? number(16, 20) : number(6, 34); }

  /// A function, whose name in the parameters ends with ".".
  nw_cell_function function(const std::string& name) {
    nw_cell_function f{};
    f.kind = number(NW_CELL_SIGMOID, NW_CELL_TABLE);
    if (f.kind == NW_CELL_RAMP) {
      f.slope = number(-16384, 16384);
      f.offset = number(-(1 << 28), 1 << 28);
      f.right = number(0, 20);
      f.lo = number(-32768, 0);
      f.hi = number(0, 32767);
    }
    if (f.kind == NW_CELL_TABLE) {
      constexpr int64_t kEntries = 513;
      point((name + "table").c_str(), constant_array("table", ElementType::i16, r_.values<int16_t>(kEntries)));
    }
    return f;
  }

 private:
  Random& r_;
  CellLayer layer_;
};

inline CellLayer random_gru(Random& r, int most_size = 21) {
  CellMaker m(kGruI8, r);
  nw_gru_params p{};
  p.batch = m.number(1, 2);
  p.time = m.number(1, 4);
  p.input_c = m.number(1, most_size);
  p.units = m.number(1, most_size);
  p.reset_after = m.number(0, 1);
  p.sum_limit = r.chance(0.7) ? 32767 : m.number(1, 32767);
  p.candidate_limit = r.chance(0.7) ? 32767 : m.number(1, 32767);
  p.candidate_right = r.chance(0.5) ? 0 : m.number(0, 15);
  p.hidden_zero_point = m.zero_point();
  p.last_zero_point = m.zero_point();
  p.initial_zero_point = m.zero_point();
  for (int g = 0; g < NW_GRU_GATES; ++g) {
    p.input_right[g] = m.right();
    p.hidden_right[g] = m.right();
  }
  m.factor(p.reset_multiplier, p.reset_shift, -24, r.chance(0.95) ? -22 : 0);
  m.factor(p.output_multiplier, p.output_shift, -9, r.chance(0.95) ? -7 : 1);
  m.factor(p.last_multiplier, p.last_shift, -9, -6);
  m.factor(p.initial_multiplier, p.initial_shift, 5, 8);
  int64_t const rows = NW_GRU_GATES * p.units, state = int64_t{p.batch} * p.units;
  bool const kept = r.chance(0.4), given = !kept && r.chance(0.5);
  m.operand_of(0, int64_t{p.batch} * p.time * p.input_c);
  m.weights(rows * p.input_c);
  m.weights(rows * p.units);
  m.biases(rows, 20000);
  m.biases(rows, 20000, 0.7);
  m.operand_of(1, state, given);
  m.operand_of(CellLayer::kState, 2 * state, kept);
  m.result_of(0, state * p.time);
  m.result_of(1, state);
  m.scratch_of(12 * int64_t{p.units});
  m.factors("input_factor", rows);
  m.factors("hidden_factor", rows);
  m.point("squash", constant_array("squash", ElementType::u16, squash_table()));
  p.gate = m.function("gate.");
  p.candidate = m.function("candidate.");
  return m.made(p);
}

inline CellLayer random_rnn(Random& r, int most_size = 21) {
  CellMaker m(kRnnI8, r);
  nw_rnn_params p{};
  p.batch = m.number(1, 2);
  p.time = m.number(1, 4);
  bool const time_major = r.chance(0.3);
  p.batch_step = time_major ? 1 : p.time;
  p.time_step = time_major ? p.batch : 1;
  p.input_c = m.number(1, most_size);
  p.units = m.number(1, most_size);
  p.sum_limit = r.chance(0.7) ? 32767 : m.number(1, 32767);
  p.hidden_zero_point = m.zero_point();
  p.last_zero_point = m.zero_point();
  p.initial_zero_point = m.zero_point();
  p.input_right = m.right();
  p.hidden_right = m.right();
  m.factor(p.output_multiplier, p.output_shift, -9, r.chance(0.95) ? -7 : 1);
  m.factor(p.last_multiplier, p.last_shift, -9, -6);
  m.factor(p.initial_multiplier, p.initial_shift, -1, 1);
  int64_t const state = int64_t{p.batch} * p.units;
  bool const kept = r.chance(0.4), given = !kept && r.chance(0.5);
  m.operand_of(0, int64_t{p.batch} * p.time * p.input_c);
  m.weights(int64_t{p.units} * p.input_c);
  m.weights(int64_t{p.units} * p.units);
  m.biases(p.units, 20000);
  m.biases(p.units, 20000, 0.7);
  m.operand_of(1, state, given);
  m.operand_of(CellLayer::kState, state, kept);
  m.result_of(0, state * p.time);
  m.result_of(1, state, r.chance(0.5));
  m.scratch_of(4 * int64_t{p.units});
  m.factors("input_factor", p.units);
  m.factors("hidden_factor", p.units);
  m.point("squash", constant_array("squash", ElementType::u16, squash_table()));
  p.function = m.function("function.");
  return m.made(p);
}

inline CellLayer random_svdf(Random& r, int most_size = 21) {
  CellMaker m(kSvdfI8, r);
  nw_svdf_params p{};
  p.batch = m.number(1, 2);
  p.input_c = m.number(1, most_size);
  p.units = m.number(1, 8);
  p.rank = m.number(1, 3);
  p.memory = m.number(1, 9);
  m.factor(p.state_multiplier, p.state_shift, r.chance(0.8) ? -4 : -24, r.chance(0.8) ? 1 : 8);
  m.factor(p.output_multiplier, p.output_shift, -22, -15);
  p.output_zero_point = m.zero_point();
  p.act_min = r.chance(0.5) ? -128 : m.number(-128, 0);
  p.act_max = r.chance(0.5) ? 127 : m.number(0, 127);
  int64_t const filters = int64_t{p.units} * p.rank;
  m.operand_of(0, int64_t{p.batch} * p.input_c);
  m.weights(filters * p.input_c);
  m.biases(filters, 20000);
  std::vector<int16_t> time(static_cast<size_t>(filters * p.memory));
  int64_t const most = ((int64_t{1} << 30) / 32768) / (p.rank * p.memory);  // no sum leaves 32 bits
  for (int16_t& v : time)
    v = static_cast<int16_t>(r.between(-std::min<int64_t>(most, 32767), std::min<int64_t>(most, 32767)));
  m.constant(ElementType::i16, time);
  m.biases(p.units, 1 << 29, 0.6);
  m.operand_of(CellLayer::kState, 2 * p.batch * filters * p.memory, r.chance(0.8));
  m.result_of(0, int64_t{p.batch} * p.units);
  return m.made(p);
}

inline CellData random_data(const CellLayer& l, Random& r) {
  CellData out;
  for (int64_t bytes : l.operand_bytes) {
    auto const values = r.values<int8_t>(bytes);
    auto const* const from = reinterpret_cast<const std::byte*>(values.data());
    out.operands.emplace_back(from, from + values.size());
  }
  return out;
}

/// What a call makes of the data of a layer.
inline CellData run(const KernelCall& call, const CellLayer& layer, CellData data) {
  data.results.clear();
  for (int64_t bytes : layer.result_bytes) data.results.emplace_back(static_cast<size_t>(bytes));
  std::vector<void*> operands, results;
  for (auto& bytes : data.operands) operands.push_back(bytes.data());
  for (auto& bytes : data.results) results.push_back(bytes.data());
  run_call(call, operands, results);
  return data;
}

}  // namespace narrow
