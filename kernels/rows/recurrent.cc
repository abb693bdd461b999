#include "rows/recurrent.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "host/lstm.h"
#include "rows/lstm_params.h"

extern "C" {
#include "portable/recurrent/lstm_widths.h"
}

namespace narrow {
namespace {

constexpr ParamTable kLstmParams = param_table<nw_lstm_params, cost_of_lstm>("nw_lstm_params", kLstmFields);

// The arguments of the C function, with what its constants are.
template <auto kFunction, Holds kWeights = Holds::weights>
struct LstmFunction {
  static constexpr auto kArguments = [] {
    auto out = std::to_array(CFunction<kFunction>::kArguments);
    for (size_t weights : {1, 2, 3, 4, 5, 6, 7, 8, 12}) out[weights].holds = kWeights;
    for (size_t constants : {9, 10, 11, 13}) out[constants].holds = Holds::constants;
    out.back() = {ElementType::untyped, true, false, true};
    return out;
  }();
};

// Arguments of an LSTM.
constexpr size_t kKernelsLstm = 1, kRecurrentsLstm = 5, kBiasLstm = 9, kHiddenBiasLstm = 10, kPeepholeLstm = 11,
                 kProjectionLstm = 12, kProjectionBiasLstm = 13, kHiddenLstm = 14, kCellLstm = 15, kOutLstm = 16;

// The host's loops, of data T and weights of a type of nw_weights.h, packed ones as kNibbles.
template <class T, class Weight, bool kNibbles = false>
struct HostLstm {
  using Sum = host::Accumulator<T>;

  /// Appends `count` weights; what they are stored as.
  static void add_weights(const void* stored, int64_t count, std::vector<Weight>& to) {
    for (int64_t i = 0; i < count; ++i)
      to.push_back(kNibbles ? static_cast<Weight>(
                                  nw_i4_at(nw_i4_in(static_cast<const nw_i4_stored*>(stored)), static_cast<nw_i32>(i)))
                            : static_cast<const Weight*>(stored)[i]);
  }

  /// The rows of the gates that are there, over `columns` elements.
  static host::PackedConv<T> packed_rows(const KnownCall& call, size_t first, size_t bias, int first_gate, int cells,
                                         int columns) {
    std::vector<Weight> weights;
    for (size_t g = static_cast<size_t>(first_gate); g < NW_LSTM_GATES; ++g)
      add_weights(call.constants[first + g], int64_t{cells} * columns, weights);
    return host::pack_fully_connected<T, Weight>(columns, (NW_LSTM_GATES - first_gate) * cells, weights.data(),
                                                 static_cast<const Sum*>(call.constants[bias]) + first_gate * cells, 0);
  }

  /// Loops of layers do not take the weight -32768.
  static bool has_least_weight(const KnownCall& call) {
    if constexpr (sizeof(Weight) < 2) return false;
    for (size_t i = kKernelsLstm; i <= kProjectionLstm; ++i) {
      auto const* const from = static_cast<const Weight*>(call.constants[i]);
      if ((i < kBiasLstm || i == kProjectionLstm) && from &&
          std::find(from, from + static_cast<size_t>(call.constant_bytes[i]) / sizeof(Weight), INT16_MIN) !=
              from + static_cast<size_t>(call.constant_bytes[i]) / sizeof(Weight))
        return true;
    }
    return false;
  }

  static Packed pack(const KnownCall& call) {
    auto const& p = *static_cast<const nw_lstm_params*>(call.params);
    if (p.norm) return {.state = nullptr, .declined = "it has layer normalization"};
    if (has_least_weight(call)) return {.state = nullptr, .declined = "a weight is -32768"};
    auto out = std::make_shared<host::PackedLstm<T>>();
    out->first_gate = call.constants[kKernelsLstm] ? 0 : 1;
    out->data = packed_rows(call, kKernelsLstm, kBiasLstm, out->first_gate, p.cells, p.input_c);
    out->hidden = packed_rows(call, kRecurrentsLstm, kHiddenBiasLstm, out->first_gate, p.cells, p.output_c);
    if (call.constants[kProjectionLstm]) {
      std::vector<Weight> weights;
      add_weights(call.constants[kProjectionLstm], int64_t{p.cells} * p.output_c, weights);
      out->projection = host::pack_fully_connected<T, Weight>(
          p.cells, p.output_c, weights.data(), static_cast<const Sum*>(call.constants[kProjectionBiasLstm]), 0);
    }
    if (!set_tables(p, *out)) return {.state = nullptr, .declined = "its functions have a table of their own"};
    size_t const scratch = scratch_bytes(p, *out);
    return {std::move(out), scratch, {}};
  }

  static void run(const KernelFrame& f) {
    host::run<T>(*static_cast<const nw_lstm_params*>(f.params), *static_cast<const host::PackedLstm<T>*>(f.packed),
                 {static_cast<const T*>(f.pointers[0]), static_cast<const nw_i16*>(f.pointers[kPeepholeLstm]),
                  static_cast<T*>(f.pointers[kHiddenLstm]), static_cast<nw_i16*>(f.pointers[kCellLstm]),
                  static_cast<T*>(f.pointers[kOutLstm])},
                 static_cast<std::byte*>(f.scratch));
  }

  static constexpr KernelVariant kVariants[] = {{.name = "vectors", .run = run, .pack = pack}};
};

}  // namespace

const Kernel kLstmI8{"nw_lstm_i8",
                     "portable/recurrent/lstm.c",
                     &kLstmParams,
                     LstmFunction<nw_lstm_i8>::kArguments,
                     CFunction<nw_lstm_i8>::run,
                     HostLstm<nw_i8, nw_i8>::kVariants};
const Kernel kLstmI16{"nw_lstm_i16",
                      "portable/recurrent/lstm.c",
                      &kLstmParams,
                      LstmFunction<nw_lstm_i16>::kArguments,
                      CFunction<nw_lstm_i16>::run,
                      HostLstm<nw_i16, nw_i8>::kVariants};
const Kernel kLstmA8W4{"nw_lstm_a8w4",
                       "portable/recurrent/lstm_widths.c",
                       &kLstmParams,
                       LstmFunction<nw_lstm_a8w4, Holds::nibbles>::kArguments,
                       CFunction<nw_lstm_a8w4>::run,
                       HostLstm<nw_i8, nw_i8, true>::kVariants};
const Kernel kLstmA16W4{"nw_lstm_a16w4",
                        "portable/recurrent/lstm_widths.c",
                        &kLstmParams,
                        LstmFunction<nw_lstm_a16w4, Holds::nibbles>::kArguments,
                        CFunction<nw_lstm_a16w4>::run,
                        HostLstm<nw_i16, nw_i8, true>::kVariants};
const Kernel kLstmA16W16{"nw_lstm_a16w16",
                         "portable/recurrent/lstm_widths.c",
                         &kLstmParams,
                         LstmFunction<nw_lstm_a16w16>::kArguments,
                         CFunction<nw_lstm_a16w16>::run,
                         HostLstm<nw_i16, nw_i16>::kVariants};

}  // namespace narrow
