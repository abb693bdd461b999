#include "emit/c/lstm_calls.h"

#include <algorithm>

#include "emit/c/dsp_width_calls.h"
#include "emit/c/gate_rows.h"
#include "nw_requantize.h"
#include "rows/dsp.h"
#include "rows/helium.h"
#include "rows/recurrent.h"

namespace narrow {
namespace {

// Arguments of nw_lstm_i8; weights and biases are there for each gate.
constexpr size_t kLstmKernels = 1, kLstmRecurrents = 5, kLstmBias = 9, kLstmHiddenBias = 10, kLstmPeephole = 11,
                 kLstmProjection = 12, kLstmHidden = 14, kLstmCell = 15, kLstmOut = 16;
constexpr size_t kBytesOfVector8 = 16;

/// Weights of all gates on the data and on the hidden state, in the order of dsp_lstm.h.
std::vector<GateRows> lstm_rows(const nw_lstm_params& p, CallConstants constants) {
  auto const cells = static_cast<size_t>(p.cells);
  auto const bias = elements_of_bytes<int32_t>(constants[kLstmBias]),
             hidden_bias = elements_of_bytes<int32_t>(constants[kLstmHiddenBias]);
  std::vector<GateRows> out;
  for (size_t gate = 0; gate < NW_LSTM_GATES; ++gate) {
    auto add = [&](size_t weights, const std::vector<int32_t>& of_all, int shift) {
      auto const from = of_all.begin() + static_cast<std::ptrdiff_t>(gate * cells);
      out.push_back({rows_of(elements_of_bytes<int8_t>(constants[weights + gate]), cells),
                     {from, from + static_cast<std::ptrdiff_t>(cells)},
                     shift});
    };
    add(kLstmKernels, bias, p.input_shift[gate]);
    add(kLstmRecurrents, hidden_bias, p.hidden_shift[gate]);
  }
  return out;
}

/// Why kernels for chips do not take a call; empty where they do.
std::string declines_lstm(const KernelCall& call) {
  constexpr int kMostOutputShift = 23;
  const auto& p = call.params_as<nw_lstm_params>();
  if (p.fixed_point) return "its runtime's functions are not those of a table";
  if (p.half_up) return "its sums are rounded once";
  if (!call.pointed_values<int16_t>("norm").empty()) return "it has layer normalization";
  if (!is_there(call, kLstmKernels)) return "its gates are coupled";
  if (is_there(call, kLstmPeephole)) return "it has peepholes";
  if (is_there(call, kLstmProjection)) return "it has a projection";
  if (p.output_multiplier == 0 || p.output_shift >= 0 || p.output_shift < -kMostOutputShift)
    return "the factor of its results is not from 2^-24 to 1/2";
  return {};
}

/// Likewise for its sums.
std::string declines_lstm(const std::vector<GateRows>& rows) {
  for (const GateRows& r : rows)
    if (std::string why = declines_gate(r); !why.empty()) return why;
  return {};
}

/// The words of dsp_lstm_i16.h, or why there are none.
struct WideLstmWords {
  std::vector<int32_t> words;
  std::string declined;
};

WideLstmWords wide_lstm_words(const nw_lstm_params& p, CallConstants constants) {
  constexpr int kLeastShift = -17, kMostShiftOfWide = -1;
  constexpr int64_t kMostInput = 32768;
  auto const cells = static_cast<size_t>(p.cells), padded = up_to_multiple(cells, kGateRowsAtOnce);
  auto const bias = elements_of_bytes<int64_t>(constants[kLstmBias]),
             hidden_bias = elements_of_bytes<int64_t>(constants[kLstmHiddenBias]);
  WideLstmWords out;
  for (size_t gate = 0; gate < NW_LSTM_GATES; ++gate)
    for (bool of_data : {true, false}) {
      int const shift = of_data ? p.input_shift[gate] : p.hidden_shift[gate];
      int32_t const multiplier = of_data ? p.input_multiplier[gate] : p.hidden_multiplier[gate];
      if (shift < kLeastShift || shift > kMostShiftOfWide || multiplier == 0)
        return {{}, "its gates' factors are not from 2^-18 to 1/2"};
      Filters filters =
          rows_of(elements_of_bytes<int8_t>(constants[(of_data ? kLstmKernels : kLstmRecurrents) + gate]), cells);
      std::vector<int32_t> begins;
      for (size_t c = 0; c < cells; ++c) {
        int64_t const begin = (of_data ? bias : hidden_bias)[gate * cells + c];
        int64_t most = std::abs(begin);
        for (int8_t w : filters[c]) most += kMostInput * std::abs(int{w});
        if (most > INT32_MAX) return {{}, "its sums may need more than 32 bits"};
        begins.push_back(static_cast<int32_t>(begin));
      }
      begins.resize(padded);
      filters.resize(padded, std::vector<int8_t>(filters[0].size()));
      for (size_t first = 0; first < padded; first += kGateRowsAtOnce) {
        auto const from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(first + kGateRowsAtOnce);
        out.words.insert(out.words.end(), begins.begin() + from, begins.begin() + to);
        auto const weights = words_for_halfwords({filters.begin() + from, filters.begin() + to}, kGateRowsAtOnce);
        out.words.insert(out.words.end(), weights.begin(), weights.end());
      }
    }
  return out;
}

ConstantArray lstm_table(const KernelCall& call) {
  return constant_array("table", ElementType::u16, call.pointed_values<uint16_t>("table"));
}

KernelCall dsp_lstm(const Kernel& kernel, const KernelCall& call, const std::vector<int32_t>& words,
                    int64_t scratch_bytes) {
  KernelCall out = kernel_call(kernel, call.params_as<nw_lstm_params>(),
                               {call.arguments[0], array(0), array(1), call.arguments[kLstmHidden],
                                call.arguments[kLstmCell], call.arguments[kLstmOut], scratch()});
  out.arrays = {constant_array("weights", ElementType::i32, words), lstm_table(call)};
  out.scratch_bytes = scratch_bytes;
  return out;
}

}  // namespace

OtherCall dsp_lstm_call(const KernelCall& call, CallConstants constants, bool wide) {
  if (call.kernel == &kLstmI16) {
    if (std::string why = declines_lstm(call); !why.empty()) return {{}, std::move(why)};
    const auto& p = call.params_as<nw_lstm_params>();
    WideLstmWords const words = wide_lstm_words(p, constants);
    if (!words.declined.empty()) return {{}, words.declined};
    return {dsp_lstm(kDspLstmI16, call, words.words, NW_DSP_LSTM_I16_SCRATCH(int64_t{p.input_c}, int64_t{p.cells})),
            {}};
  }
  if (call.kernel != &kLstmI8) return {};
  if (std::string why = declines_lstm(call); !why.empty()) return {{}, std::move(why)};
  const auto& p = call.params_as<nw_lstm_params>();
  std::vector<GateRows> rows = lstm_rows(p, constants);
  if (std::string why = declines_lstm(rows); !why.empty()) return {{}, std::move(why)};
  Stored const how = pad_rows(rows, wide);
  std::vector<int32_t> words;
  for (GateRows& r : rows) add_gate_words(std::move(r), how, {}, words);
  return {dsp_lstm(how == Stored::wide ? kDspLstmI8Wide : kDspLstmI8, call, words,
                   NW_DSP_LSTM_SCRATCH(int64_t{p.input_c}, int64_t{p.cells})),
          {}};
}

OtherCall helium_lstm_call(const KernelCall& call, CallConstants constants) {
  if (call.kernel != &kLstmI8) return {};
  if (std::string why = declines_lstm(call); !why.empty()) return {{}, std::move(why)};
  const auto& p = call.params_as<nw_lstm_params>();
  std::vector<GateRows> rows = lstm_rows(p, constants);
  if (std::string why = declines_lstm(rows); !why.empty()) return {{}, std::move(why)};
  for (GateRows& r : rows) {
    for (auto& f : r.filters) f.resize(up_to_multiple(f.size(), kBytesOfVector8));
    r.filters.resize(up_to_multiple(r.filters.size(), kGateRowsAtOnce), std::vector<int8_t>(r.filters[0].size()));
    r.bias.resize(r.filters.size());
  }
  std::vector<int8_t> weights;
  std::vector<int32_t> begins;
  for (size_t gate = 0; gate < NW_LSTM_GATES; ++gate)
    for (size_t first = 0; first < rows[0].filters.size(); first += kGateRowsAtOnce)
      for (size_t of : {2 * gate, 2 * gate + 1}) {
        const GateRows& r = rows[of];
        for (size_t c = first; c < first + kGateRowsAtOnce; ++c) begins.push_back(r.bias[c]);
        for (size_t e = 0; e < r.filters[0].size(); e += kBytesOfVector8)
          for (size_t c = first; c < first + kGateRowsAtOnce; ++c)
            weights.insert(weights.end(), r.filters[c].begin() + static_cast<std::ptrdiff_t>(e),
                           r.filters[c].begin() + static_cast<std::ptrdiff_t>(e + kBytesOfVector8));
      }
  KernelCall out = kernel_call(kHeliumLstmI8, p,
                               {call.arguments[0], array(0), array(1), array(2), call.arguments[kLstmHidden],
                                call.arguments[kLstmCell], call.arguments[kLstmOut], scratch()});
  out.arrays = {constant_array("weights", ElementType::i8, weights), constant_array("begins", ElementType::i32, begins),
                lstm_table(call)};
  out.scratch_bytes = NW_HELIUM_LSTM_SCRATCH(int64_t{p.input_c}, int64_t{p.cells});
  return {std::move(out), {}};
}

}  // namespace narrow
