#include "emit/c/lstm_calls.h"

#include <algorithm>
#include <cstring>

#include "emit/c/dsp_rows.h"
#include "rows/dsp.h"
#include "rows/helium.h"
#include "rows/recurrent.h"

namespace narrow {
namespace {

using LstmConstants = std::span<const std::span<const std::byte>>;

// Arguments of nw_lstm_i8; weights and biases are there for each gate.
constexpr size_t kLstmKernels = 1, kLstmRecurrents = 5, kLstmBias = 9, kLstmHiddenBias = 10, kLstmPeephole = 11,
                 kLstmProjection = 12, kLstmHidden = 14, kLstmCell = 15, kLstmOut = 16;
constexpr size_t kLstmRowsAtOnce = 4, kBytesOfVector8 = 16;

size_t up_to_multiple(size_t count, size_t of) {
  return (count + of - 1) / of * of;
}

bool lstm_has(const KernelCall& call, size_t argument) {
  return call.arguments[argument].source != CallArgument::Source::absent;
}

template <class Element>
std::vector<Element> elements_of_bytes(std::span<const std::byte> bytes) {
  std::vector<Element> out(bytes.size() / sizeof(Element));
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

/// Weights of one gate on the data or on the hidden state, and how their sums are scaled.
struct LstmRows {
  Filters filters;
  std::vector<int32_t> bias;
  int shift;
};

/// Those of all gates, in the order of dsp_lstm.h.
std::vector<LstmRows> lstm_rows(const nw_lstm_params& p, LstmConstants constants) {
  auto const cells = static_cast<size_t>(p.cells);
  auto const bias = elements_of_bytes<int32_t>(constants[kLstmBias]),
             hidden_bias = elements_of_bytes<int32_t>(constants[kLstmHiddenBias]);
  std::vector<LstmRows> out;
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

/// Whether what sums may reach, shifted to the left as their factors want it, is below 2^30.
bool lstm_rows_fit(const LstmRows& rows) {
  constexpr int64_t kMost = 1 << 30;
  for (size_t c = 0; c < rows.filters.size(); ++c) {
    int64_t most = std::abs(int64_t{rows.bias[c]});
    for (int8_t w : rows.filters[c]) most += int64_t{-INT8_MIN} * std::abs(int{w});
    if (most << std::max(rows.shift, 0) >= kMost) return false;
  }
  return true;
}

std::vector<int32_t> lstm_words(const std::vector<LstmRows>& all, Stored how) {
  std::vector<int32_t> out;
  for (LstmRows rows : all) {
    size_t const padded = (rows.filters.size() + kLstmRowsAtOnce - 1) / kLstmRowsAtOnce * kLstmRowsAtOnce;
    rows.filters.resize(padded, std::vector<int8_t>(rows.filters[0].size()));
    rows.bias.resize(padded);
    for (size_t first = 0; first < padded; first += kLstmRowsAtOnce) {
      for (size_t c = first; c < first + kLstmRowsAtOnce; ++c)
        out.push_back(begin_of(rows.bias[c], rows.filters[c], how));
      add_woven(rows.filters, first, first + kLstmRowsAtOnce, how, out);
    }
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
  if (!lstm_has(call, kLstmKernels)) return "its gates are coupled";
  if (lstm_has(call, kLstmPeephole)) return "it has peepholes";
  if (lstm_has(call, kLstmProjection)) return "it has a projection";
  if (p.output_multiplier == 0 || p.output_shift >= 0 || p.output_shift < -kMostOutputShift)
    return "the factor of its results is not from 2^-24 to 1/2";
  return {};
}

/// Likewise for its sums.
std::string declines_lstm(const std::vector<LstmRows>& rows) {
  constexpr int kMostLeft = 7;
  for (const LstmRows& r : rows) {
    if (r.shift > kMostLeft || r.shift < -kMostShift) return "its gates' factors are not from 2^-23 to 2^7";
    if (!lstm_rows_fit(r)) return "its sums may need more than 30 bits";
  }
  return {};
}

ConstantArray lstm_table(const KernelCall& call) {
  return constant_array("table", ElementType::u16, call.pointed_values<uint16_t>("table"));
}

}  // namespace

OtherCall dsp_lstm_call(const KernelCall& call, LstmConstants constants, bool wide) {
  if (call.kernel != &kLstmI8) return {};
  if (std::string why = declines_lstm(call); !why.empty()) return {{}, std::move(why)};
  const auto& p = call.params_as<nw_lstm_params>();
  std::vector<LstmRows> rows = lstm_rows(p, constants);
  if (std::string why = declines_lstm(rows); !why.empty()) return {{}, std::move(why)};
  Stored how = wide ? Stored::wide : Stored::folded;
  for (LstmRows& r : rows) {
    r.filters = in_eights(std::move(r.filters));
    if (stored(r.filters, r.bias, 0, wide) == Stored::wide) how = Stored::wide;
  }
  KernelCall out = kernel_call(how == Stored::wide ? kDspLstmI8Wide : kDspLstmI8, p,
                               {call.arguments[0], array(0), array(1), call.arguments[kLstmHidden],
                                call.arguments[kLstmCell], call.arguments[kLstmOut], scratch()});
  out.arrays = {constant_array("weights", ElementType::i32, lstm_words(rows, how)), lstm_table(call)};
  out.scratch_bytes = NW_DSP_LSTM_SCRATCH(int64_t{p.input_c}, int64_t{p.cells});
  return {std::move(out), {}};
}

OtherCall helium_lstm_call(const KernelCall& call, LstmConstants constants) {
  if (call.kernel != &kLstmI8) return {};
  if (std::string why = declines_lstm(call); !why.empty()) return {{}, std::move(why)};
  const auto& p = call.params_as<nw_lstm_params>();
  std::vector<LstmRows> rows = lstm_rows(p, constants);
  if (std::string why = declines_lstm(rows); !why.empty()) return {{}, std::move(why)};
  for (LstmRows& r : rows) {
    for (auto& f : r.filters) f.resize(up_to_multiple(f.size(), kBytesOfVector8));
    r.filters.resize(up_to_multiple(r.filters.size(), kLstmRowsAtOnce), std::vector<int8_t>(r.filters[0].size()));
    r.bias.resize(r.filters.size());
  }
  std::vector<int8_t> weights;
  std::vector<int32_t> begins;
  for (size_t gate = 0; gate < NW_LSTM_GATES; ++gate)
    for (size_t first = 0; first < rows[0].filters.size(); first += kLstmRowsAtOnce)
      for (size_t of : {2 * gate, 2 * gate + 1}) {
        const LstmRows& r = rows[of];
        for (size_t c = first; c < first + kLstmRowsAtOnce; ++c) begins.push_back(r.bias[c]);
        for (size_t e = 0; e < r.filters[0].size(); e += kBytesOfVector8)
          for (size_t c = first; c < first + kLstmRowsAtOnce; ++c)
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
