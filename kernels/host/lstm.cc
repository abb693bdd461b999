#include "lstm.h"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/lstm.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

#include "nw_requantize.h"
#include "rounding_loops.h"

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

// The two sums of each row of a gate by nw_requantize_double, added up in 16 bits; the second one's limits are given.
void add_gate_sums(const std::int32_t* __restrict data, const std::int32_t* __restrict hidden, const GateFactors& f,
                   std::int32_t limit, std::int16_t* __restrict out, std::int32_t n) {
  constexpr std::int32_t kLeast = -32768, kMost = 32767;
  const std::int32_t multiplier = f.input_multiplier, hidden_multiplier = f.hidden_multiplier;
  const int left = f.input_shift > 0 ? f.input_shift : 0, right = f.input_shift > 0 ? 0 : -f.input_shift;
  const int hidden_left = f.hidden_shift > 0 ? f.hidden_shift : 0,
            hidden_right = f.hidden_shift > 0 ? 0 : -f.hidden_shift;
  for (std::int32_t i = 0; i < n; ++i) {
    const std::int32_t first = clamp(round_shift(high_mul(data[i], left, multiplier), right), kLeast, kMost);
    const std::int32_t second = round_shift(high_mul(hidden[i], hidden_left, hidden_multiplier), hidden_right);
    out[i] = static_cast<std::int16_t>(clamp(first + clamp(second, -limit - 1, limit), kLeast, kMost));
  }
}

// The same by nw_requantize_wide of sums of 64 bits.
void add_wide_gate_sums(const std::int64_t* __restrict data, const std::int64_t* __restrict hidden,
                        const GateFactors& f, std::int32_t limit, std::int16_t* __restrict out, std::int32_t n) {
  constexpr std::int32_t kLeast = -32768, kMost = 32767;
  constexpr int kFractionBits = 15;
  const std::int64_t multiplier = nw_reduce_multiplier(f.input_multiplier),
                     hidden_multiplier = nw_reduce_multiplier(f.hidden_multiplier);
  const int right = kFractionBits - f.input_shift, hidden_right = kFractionBits - f.hidden_shift;
  const std::int64_t half = std::int64_t{1} << (right - 1), hidden_half = std::int64_t{1} << (hidden_right - 1);
  for (std::int32_t i = 0; i < n; ++i) {
    const auto first = static_cast<std::int32_t>((data[i] * multiplier + half) >> right);
    const auto second = static_cast<std::int32_t>((hidden[i] * hidden_multiplier + hidden_half) >> hidden_right);
    const std::int32_t sum = clamp(first, kLeast, kMost) + clamp(second, -limit - 1, limit);
    out[i] = static_cast<std::int16_t>(clamp(sum, kLeast, kMost));
  }
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
extern "C" {
#include "portable/activations/logistic_body.h"
}

namespace narrow::host {
namespace {

constexpr int kNumbers = 1 << 16;    // of 16 bits
constexpr int kFromLeast = 1 << 15;  // to the first of them
constexpr int kGateBits = 3;         // integer bits of sums of gates
constexpr int kMostCellBits = 6;
constexpr std::size_t kLstmAlign = 64;

struct FunctionTable {
  std::once_flag made;
  std::array<std::int16_t, kNumbers> values;

  template <class F>
  const std::int16_t* get(F function) {
    std::call_once(made, [&] {
      for (int v = 0; v < kNumbers; ++v)
        values[static_cast<std::size_t>(v)] = static_cast<std::int16_t>(function(v - kFromLeast));
    });
    return values.data();
  }
};

// What a runtime takes for functions of 16-bit numbers, made once.
struct FunctionTables {
  FunctionTable sigmoid;
  std::array<FunctionTable, kMostCellBits + 1> tanh;  // by integer bits
};

nw_i32 interpolated_tanh(const nw_u16* table, nw_i32 v, int bits) {
  if (bits >= kGateBits) return nw_table_tanh_16(table, v * (3 << (bits - kGateBits)));
  return nw_table_tanh_16(table, NW_FLOOR_SHIFT(v * 3 + (1 << (kGateBits - 1 - bits)), kGateBits - bits));
}

std::size_t aligned(std::size_t bytes) {
  return (bytes + kLstmAlign - 1) / kLstmAlign * kLstmAlign;
}

nw_i32 sat16(nw_i32 v) {
  return nw_clamp(v, -32768, 32767);
}

// A run of one sample after the other.
template <class T>
class LstmRun {
 public:
  using Sum = Accumulator<T>;
  static constexpr nw_i32 kTop = std::numeric_limits<T>::max();

  LstmRun(const nw_lstm_params& p, const PackedLstm<T>& packed, std::byte* scratch)
      : p_(p), packed_(packed), n_(p.cells) {
    const auto take = [&scratch](std::size_t bytes) {
      std::byte* const at = scratch;
      scratch += aligned(bytes);
      return at;
    };
    const auto rows = static_cast<std::size_t>(NW_LSTM_GATES * n_);
    sums_ = reinterpret_cast<Sum*>(take(sizeof(Sum) * rows));
    hidden_sums_ = reinterpret_cast<Sum*>(take(sizeof(Sum) * rows));
    values_ = reinterpret_cast<nw_i16*>(take(sizeof(nw_i16) * rows));
    given_ = reinterpret_cast<T*>(take(sizeof(T) * static_cast<std::size_t>(n_)));
    own_hidden_ = reinterpret_cast<T*>(take(sizeof(T) * static_cast<std::size_t>(p.output_c)));
    own_cell_ = reinterpret_cast<nw_i16*>(take(sizeof(nw_i16) * static_cast<std::size_t>(n_)));
    rest_ = scratch;
  }

  // How many bytes the parts take, without those of layers.
  static std::size_t bytes(const nw_lstm_params& p) {
    const auto n = static_cast<std::size_t>(p.cells), rows = NW_LSTM_GATES * n;
    return 2 * aligned(sizeof(Sum) * rows) + aligned(sizeof(nw_i16) * rows) + aligned(sizeof(T) * n) +
           aligned(sizeof(T) * static_cast<std::size_t>(p.output_c)) + aligned(sizeof(nw_i16) * n);
  }

  void sample(const LstmPointers<T>& at, nw_i32 b) {
    T* const hidden = at.hidden != nullptr ? at.hidden + b * p_.output_c : own_hidden_;
    nw_i16* const cell = at.cell != nullptr ? at.cell + b * n_ : own_cell_;
    if (at.hidden == nullptr) std::fill_n(hidden, p_.output_c, static_cast<T>(p_.hidden_zero_point));
    if (at.cell == nullptr) std::fill_n(cell, n_, nw_i16{0});
    for (nw_i32 t = 0; t < p_.time; ++t) {
      const std::ptrdiff_t row = std::ptrdiff_t{b} * p_.batch_step + std::ptrdiff_t{t} * p_.time_step;
      row_sums(packed_.data, at.x + row * p_.input_c, sums_ + packed_.first_gate * n_, rest_);
      row_sums(packed_.hidden, static_cast<const T*>(hidden), hidden_sums_ + packed_.first_gate * n_, rest_);
      for (int g = packed_.first_gate; g < NW_LSTM_GATES; ++g) add_sums(g);
      update(at.peephole, cell);
      give(at.peephole, cell, hidden);
      std::copy_n(hidden, p_.output_c, at.out + row * p_.output_c);
    }
  }

 private:
  nw_i32 rescaled(nw_i32 v, nw_i32 multiplier, int shift) const {
    return p_.half_up ? nw_requantize_single(v, multiplier, shift) : nw_requantize_double(v, multiplier, shift);
  }
  nw_i32 rescaled(nw_i64 v, nw_i32 multiplier, int shift) const { return nw_requantize_wide(v, multiplier, shift); }

  // The two sums of each row of a gate become one number of 16 bits.
  void add_sums(int g) {
    const GateFactors f{p_.input_multiplier[g], p_.hidden_multiplier[g], p_.input_shift[g], p_.hidden_shift[g]};
    const nw_i32 limit = p_.fixed_point ? 1 << 30 : 32767;  // beyond 2^30 the sum is limited whatever the first one is
    const nw_i32 at = g * n_;
    if constexpr (sizeof(T) == 2) {
      NARROW_VARIANT(add_wide_gate_sums)(sums_ + at, hidden_sums_ + at, f, limit, values_ + at, n_);
    } else if (!p_.half_up) {
      NARROW_VARIANT(add_gate_sums)(sums_ + at, hidden_sums_ + at, f, limit, values_ + at, n_);
    } else {
      for (nw_i32 i = at; i < at + n_; ++i) {
        const nw_i32 first = sat16(nw_requantize_single(sums_[i], f.input_multiplier, f.input_shift));
        const nw_i32 second = nw_requantize_single(hidden_sums_[i], f.hidden_multiplier, f.hidden_shift);
        values_[i] = static_cast<nw_i16>(sat16(first + sat16(second)));
      }
    }
  }

  nw_i32 with_peephole(int g, nw_i32 i, const nw_i16* peephole, nw_i32 cell) const {
    const nw_i32 v = values_[g * n_ + i];
    if (peephole == nullptr) return v;
    const nw_i32 product = nw_i32{peephole[g * n_ + i]} * cell;
    return sat16(v + rescaled(product, p_.peephole_multiplier[g], p_.peephole_shift[g]));
  }
  nw_i32 sigmoid(nw_i32 v) const { return packed_.sigmoid[v + kFromLeast]; }
  nw_i32 tanh(nw_i32 v) const { return packed_.tanh[v + kFromLeast]; }
  nw_i32 cell_tanh(nw_i32 v) const { return packed_.cell_tanh[v + kFromLeast]; }
  nw_i32 product(nw_i32 a, nw_i32 b, int right) const {
    if (p_.fixed_point) return static_cast<nw_i16>(nw_round_shift_away_31(a * b, right));
    if (p_.half_up) return sat16(nw_round_shift_up(a * b, right));
    return sat16(nw_requantize_double(a * b, nw_i32{1} << 30, 1 - right));
  }

  void update(const nw_i16* peephole, nw_i16* cell) const {
    for (nw_i32 i = 0; i < n_; ++i) {
      const nw_i32 before = cell[i];
      const nw_i32 forget = sigmoid(with_peephole(1, i, peephole, before));
      const nw_i32 input = packed_.first_gate == 0 ? sigmoid(with_peephole(0, i, peephole, before)) : 32767 - forget;
      const nw_i32 added = product(input, tanh(values_[2 * n_ + i]), 15 + p_.cell_bits);
      const nw_i32 v = sat16(product(forget, before, 15) + added);
      cell[i] = static_cast<nw_i16>(p_.cell_clip >= 0 ? nw_clamp(v, -p_.cell_clip, p_.cell_clip) : v);
    }
  }

  void give(const nw_i16* peephole, const nw_i16* cell, T* hidden) {
    T* const to = packed_.projection ? given_ : hidden;
    for (nw_i32 i = 0; i < n_; ++i) {
      const nw_i32 v = sigmoid(with_peephole(3, i, peephole, cell[i])) * cell_tanh(cell[i]);
      const nw_i32 scaled = rescaled(v, p_.output_multiplier, p_.output_shift) + p_.given_zero_point;
      to[i] = static_cast<T>(nw_clamp(scaled, -kTop - 1, kTop));
    }
    if (!packed_.projection) return;
    row_sums(*packed_.projection, static_cast<const T*>(given_), sums_, rest_);
    for (nw_i32 o = 0; o < p_.output_c; ++o) {
      nw_i32 v = rescaled(sums_[o], p_.projection_multiplier, p_.projection_shift) + p_.hidden_zero_point;
      v = nw_clamp(v, -kTop - 1, kTop);
      if (p_.projection_clip > 0) v = nw_clamp(v, -p_.projection_clip, p_.projection_clip);
      hidden[o] = static_cast<T>(v);
    }
  }

  const nw_lstm_params& p_;
  const PackedLstm<T>& packed_;
  nw_i32 n_;
  Sum *sums_, *hidden_sums_;
  nw_i16* values_;
  T *given_, *own_hidden_;
  nw_i16* own_cell_;
  std::byte* rest_;
};

}  // namespace

template <class T>
bool set_tables(const nw_lstm_params& p, PackedLstm<T>& packed) {
  static FunctionTables fixed_point, interpolated;
  static std::once_flag copied;
  static std::array<nw_u16, 256> known;
  FunctionTables& tables = p.fixed_point ? fixed_point : interpolated;
  if (!p.fixed_point) {
    std::call_once(copied, [&p] { std::copy_n(p.table, known.size(), known.begin()); });
    if (!std::equal(known.begin(), known.end(), p.table)) return false;
  }
  const auto tanh_of = [&](int bits) {
    return tables.tanh[static_cast<std::size_t>(bits)].get(
        [&](nw_i32 v) { return p.fixed_point ? nw_fp_tanh(v, bits, 16) : interpolated_tanh(known.data(), v, bits); });
  };
  packed.sigmoid = tables.sigmoid.get([&](nw_i32 v) {
    return p.fixed_point ? nw_fp_logistic(v, kGateBits, 16) : nw_table_logistic_16(known.data(), 3 * v);
  });
  packed.tanh = tanh_of(kGateBits);
  packed.cell_tanh = tanh_of(p.cell_bits);
  return true;
}

template <class T>
std::size_t scratch_bytes(const nw_lstm_params& p, const PackedLstm<T>& packed) {
  std::size_t layers = std::max(scratch_bytes(packed.data), scratch_bytes(packed.hidden));
  if (packed.projection) layers = std::max(layers, scratch_bytes(*packed.projection));
  return LstmRun<T>::bytes(p) + layers;
}

template <class T>
void run(const nw_lstm_params& p, const PackedLstm<T>& packed, const LstmPointers<T>& at, std::byte* scratch) {
  LstmRun<T> samples(p, packed, scratch);
  for (nw_i32 b = 0; b < p.batch; ++b) samples.sample(at, b);
}

#define NARROW_LSTM(T)                                                             \
  template bool set_tables(const nw_lstm_params&, PackedLstm<T>&);                 \
  template std::size_t scratch_bytes(const nw_lstm_params&, const PackedLstm<T>&); \
  template void run(const nw_lstm_params&, const PackedLstm<T>&, const LstmPointers<T>&, std::byte*);
NARROW_LSTM(std::int8_t)
NARROW_LSTM(std::int16_t)
#undef NARROW_LSTM

}  // namespace narrow::host
#endif
