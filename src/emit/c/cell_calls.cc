#include "emit/c/cell_calls.h"

#include <algorithm>
#include <string_view>

#include "emit/c/folded_weights.h"
#include "rows/dsp.h"
#include "rows/recurrent.h"

namespace narrow {
namespace {

// Arguments of nw_gru_i8 and nw_rnn_i8, which are the same.
constexpr size_t kCellWeights = 1, kCellRecurrent = 2, kCellBias = 3, kCellHiddenBias = 4, kCellInitial = 5,
                 kCellState = 6, kCellOut = 7, kCellLast = 8;

/// The rows of a gate over the data or the hidden state, with their factors of cell.h.
struct CellRows {
  GateRows rows;
  std::vector<int16_t> factors;
  int right;
};

/// Of each gate those over the data and those over the hidden state.
std::vector<CellRows> cell_rows(const KernelCall& call, CallConstants constants, size_t units,
                                std::span<const int> input_right, std::span<const int> hidden_right) {
  size_t const all = input_right.size() * units;
  auto filters = rows_of(elements_of_bytes<int8_t>(constants[kCellWeights]), all),
       hidden_filters = rows_of(elements_of_bytes<int8_t>(constants[kCellRecurrent]), all);
  auto bias = elements_of_bytes<int32_t>(constants[kCellBias]),
       hidden_bias = elements_of_bytes<int32_t>(constants[kCellHiddenBias]);
  hidden_bias.resize(all);
  auto const factors = call.pointed_values<int16_t>("input_factor"),
             hidden_factors = call.pointed_values<int16_t>("hidden_factor");
  auto part = [units]<class T>(const std::vector<T>& of, size_t gate) {
    auto const from = of.begin() + static_cast<std::ptrdiff_t>(gate * units);
    return std::vector<T>(from, from + static_cast<std::ptrdiff_t>(units));
  };
  std::vector<CellRows> out;
  for (size_t gate = 0; gate < input_right.size(); ++gate) {
    out.push_back({{part(filters, gate), part(bias, gate)}, part(factors, gate), input_right[gate]});
    out.push_back(
        {{part(hidden_filters, gate), part(hidden_bias, gate)}, part(hidden_factors, gate), hidden_right[gate]});
  }
  return out;
}

/// Bits by which stored sums are larger than those of cell.h: NW_CELL_UNIT_BITS.
int unit_bits(Stored how) {
  return how == Stored::wide ? 1 : kFoldedBits;
}

/// Whether factors shifted as dsp_cell_sums.h wants them are within 32 bits, and sums exact.
bool factors_fit(const std::vector<CellRows>& all, Stored how) {
  constexpr int kWord = 32, kMostLeft = 16;
  int const least = kWord - unit_bits(how) - kMostLeft;
  return std::all_of(all.begin(), all.end(), [&](const CellRows& r) { return r.right >= least && r.right <= kWord; });
}

/// The weights of a kernel in dsp_gru.h or dsp_rnn.h, and how they are stored; or why there are none.
struct CellWeights {
  std::vector<int32_t> words;
  Stored how = Stored::folded;
  std::string declined;
};

CellWeights cell_weights(std::vector<CellRows> all, bool wide) {
  constexpr int kWord = 32;
  CellWeights out;
  bool fold = true;
  for (CellRows& r : all) {
    if (!sums_fit(r.rows)) return {.words = {}, .declined = "its sums may need more than 30 bits"};
    r.rows.filters = in_eights(std::move(r.rows.filters));
    fold = fold && stored(r.rows.filters, r.rows.bias, 0, false) == Stored::folded;
  }
  if (!fold || (wide && factors_fit(all, Stored::wide))) out.how = Stored::wide;
  if (!factors_fit(all, out.how))
    return {
        .words = {},
        .declined = "its sums' factors are not from 2^-18 to " + std::string(out.how == Stored::wide ? "1" : "2^7")};
  for (CellRows& r : all) {
    int const left = std::max(0, kWord - unit_bits(out.how) - r.right);
    std::vector<int32_t> factors;
    for (int16_t f : r.factors) factors.push_back(int32_t{f} << left);
    add_gate_words(std::move(r.rows), out.how, std::move(factors), out.words);
  }
  return out;
}

/// Why a factor is none of nw_cell_giver; empty where it is one.
std::string declines_giver(int shift) {
  return shift < 0 ? "" : "the factor of its results is not below 1/2";
}

/// The call of `kernel`, with what the parameters of `call` point to but the factors.
template <class Params>
OtherCall cell_call(const Kernel& kernel, const KernelCall& call, CellWeights weights, int64_t scratch_bytes) {
  KernelCall out = kernel_call(kernel, call.params_as<Params>(),
                               {call.arguments[0], array(0), call.arguments[kCellInitial], call.arguments[kCellState],
                                call.arguments[kCellOut], call.arguments[kCellLast], scratch()});
  out.arrays = {constant_array("weights", ElementType::i32, weights.words)};
  for (auto [field, index] : call.pointed)
    if (std::string_view(field->name).find("factor") == std::string_view::npos)
      out.point(field->name, call.arrays[index]);
  out.scratch_bytes = scratch_bytes;
  return {std::move(out), {}};
}

OtherCall gru_call(const KernelCall& call, CallConstants constants, bool wide) {
  const auto& p = call.params_as<nw_gru_params>();
  if (std::string why = declines_giver(p.output_shift); !why.empty()) return {{}, std::move(why)};
  if (!p.reset_after && p.reset_shift >= 0) return {{}, "the factor of its reset state is not below 1/2"};
  CellWeights weights =
      cell_weights(cell_rows(call, constants, static_cast<size_t>(p.units), p.input_right, p.hidden_right), wide);
  if (!weights.declined.empty()) return {{}, std::move(weights.declined)};
  const Kernel& kernel = weights.how == Stored::wide ? kDspGruI8Wide : kDspGruI8;
  return cell_call<nw_gru_params>(kernel, call, std::move(weights),
                                  NW_DSP_GRU_SCRATCH(int64_t{p.input_c}, int64_t{p.units}));
}

OtherCall rnn_call(const KernelCall& call, CallConstants constants, bool wide) {
  const auto& p = call.params_as<nw_rnn_params>();
  if (std::string why = declines_giver(p.output_shift); !why.empty()) return {{}, std::move(why)};
  CellWeights weights = cell_weights(
      cell_rows(call, constants, static_cast<size_t>(p.units), {&p.input_right, 1}, {&p.hidden_right, 1}), wide);
  if (!weights.declined.empty()) return {{}, std::move(weights.declined)};
  const Kernel& kernel = weights.how == Stored::wide ? kDspRnnI8Wide : kDspRnnI8;
  return cell_call<nw_rnn_params>(kernel, call, std::move(weights),
                                  NW_DSP_RNN_SCRATCH(int64_t{p.input_c}, int64_t{p.units}));
}

// Arguments of nw_svdf_i8.
constexpr size_t kSvdfWeights = 1, kSvdfFeatureBias = 2, kSvdfTimes = 3, kSvdfUnitBias = 4, kSvdfStates = 5,
                 kSvdfOut = 6;

OtherCall svdf_call(const KernelCall& call, CallConstants constants, bool wide) {
  const auto& p = call.params_as<nw_svdf_params>();
  if (constants[kSvdfTimes].empty()) return {{}, "its vectors over time are computed"};
  auto const filters = static_cast<size_t>(p.units) * static_cast<size_t>(p.rank);
  std::vector<GateRows> rows = {{rows_of(elements_of_bytes<int8_t>(constants[kSvdfWeights]), filters),
                                 elements_of_bytes<int32_t>(constants[kSvdfFeatureBias]), p.state_shift}};
  if (std::string why = declines_gate(rows[0]); !why.empty()) return {{}, std::move(why)};
  Stored const how = pad_rows(rows, wide);
  std::vector<int32_t> words;
  add_gate_words(std::move(rows[0]), how, {}, words);
  KernelCall out = kernel_call(how == Stored::wide ? kDspSvdfI8Wide : kDspSvdfI8, p,
                               {call.arguments[0], array(0), call.arguments[kSvdfTimes], call.arguments[kSvdfUnitBias],
                                call.arguments[kSvdfStates], call.arguments[kSvdfOut], scratch()});
  out.arrays = {constant_array("weights", ElementType::i32, words)};
  for (size_t i = 2; i < 4; ++i) {  // arrays of the other call
    CallArgument& a = out.arguments[i];
    if (a.source != CallArgument::Source::array) continue;
    out.arrays.push_back(call.arrays[static_cast<size_t>(a.index)]);
    a.index = static_cast<int>(out.arrays.size()) - 1;
  }
  out.scratch_bytes = NW_DSP_SVDF_SCRATCH(int64_t{p.input_c}, static_cast<int64_t>(filters));
  return {std::move(out), {}};
}

}  // namespace

OtherCall dsp_cell_call(const KernelCall& call, CallConstants constants, bool wide) {
  constexpr size_t kFirst = 1;
  if (call.kernel != &kGruI8 && call.kernel != &kRnnI8 && call.kernel != &kSvdfI8) return {};
  if (constants[kFirst].empty()) return {{}, "its weights are computed"};
  if (call.kernel == &kGruI8) return gru_call(call, constants, wide);
  if (call.kernel == &kRnnI8) return rnn_call(call, constants, wide);
  return svdf_call(call, constants, wide);
}

}  // namespace narrow
