#include "softmax.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "portable/fixed_point.h"

namespace narrow::host {
namespace {

nw_i32 largest(const nw_i8* in, nw_i32 n) {
  nw_i8 top = in[0];
  for (nw_i32 i = 1; i < n; ++i) top = std::max(top, in[i]);
  return top;
}

template <class T>
void fixed(const nw_softmax_params& p, const SoftmaxTable& table, const nw_i8* in, T* out) {
  constexpr int kBits = 8 * sizeof(T);
  constexpr nw_i32 kHalf = nw_i32{1} << (kBits - 1);
  for (nw_i32 row = 0; row < p.rows; ++row, in += p.depth, out += p.depth) {
    nw_i32 const top = largest(in, p.depth);
    nw_i32 sum = 0;
    for (nw_i32 c = 0; c < p.depth; ++c) sum += table.addend[static_cast<std::size_t>(top - in[c])];
    int const zeros = nw_leading_zeros(static_cast<nw_u32>(sum));
    auto const fraction = static_cast<nw_i32>((static_cast<nw_u32>(sum) << zeros) & 0x7fffffffu);
    nw_i32 const reciprocal = nw_fp_reciprocal(fraction, 32);
    int const shift = 12 - zeros + 31 - kBits;
    for (nw_i32 c = 0; c < p.depth; ++c) {
      nw_i32 const e = table.exponential[static_cast<std::size_t>(top - in[c])];
      nw_i32 const q = nw_round_shift_away(nw_fp_mul(reciprocal, e, 32), shift);
      out[c] = static_cast<T>(nw_clamp(q - kHalf, -kHalf, kHalf - 1));
    }
  }
}

template <class T>
void floating(const SoftmaxFloat& p, const nw_i8* in, T* out) {
  constexpr float kLo = std::numeric_limits<T>::min(), kHi = std::numeric_limits<T>::max();
  for (nw_i32 row = 0; row < p.rows; ++row, in += p.depth, out += p.depth) {
    nw_i32 const above = 255 - largest(in, p.depth);
    float sum = 0;
    for (nw_i32 c = 0; c < p.depth; ++c) sum += p.table[above + in[c]];
    float const inverse = 1.0f / (sum * p.out_scale);
    for (nw_i32 c = 0; c < p.depth; ++c) {
      float const rounded = std::round(p.table[above + in[c]] * inverse);
      out[c] = static_cast<T>(std::clamp(rounded + static_cast<float>(p.out_zero_point), kLo, kHi));
    }
  }
}

}  // namespace

SoftmaxTable softmax_table(const nw_softmax_params& p) {
  SoftmaxTable table{};
  for (nw_i32 d = 0; d <= std::min<nw_i32>(-p.diff_min, 255); ++d) {
    nw_i32 const e = nw_fp_exp(nw_requantize_double(-d, p.multiplier, p.shift), 5, 32);
    table.exponential[static_cast<std::size_t>(d)] = e;
    table.addend[static_cast<std::size_t>(d)] = nw_fp_scale(e, -12, 32);
  }
  return table;
}

void softmax_i8(const nw_softmax_params& p, const SoftmaxTable& table, const nw_i8* in, nw_i8* out) {
  fixed(p, table, in, out);
}
void softmax_i8_i16(const nw_softmax_params& p, const SoftmaxTable& table, const nw_i8* in, nw_i16* out) {
  fixed(p, table, in, out);
}
void softmax_float_i8(const SoftmaxFloat* p, const nw_i8* in, nw_i8* out) {
  floating(*p, in, out);
}
void softmax_float_i8_i16(const SoftmaxFloat* p, const nw_i8* in, nw_i16* out) {
  floating(*p, in, out);
}

void log_softmax_float_i8(const SoftmaxFloat* p, const nw_i8* in, nw_i8* out) {
  for (nw_i32 row = 0; row < p->rows; ++row, in += p->depth, out += p->depth) {
    nw_i32 const top = largest(in, p->depth);
    float sum = 0;
    for (nw_i32 c = 0; c < p->depth; ++c) sum += p->table[255 - top + in[c]];
    float const base = (p->in_scale * static_cast<float>(top) + std::log(sum)) / p->out_scale;
    for (nw_i32 c = 0; c < p->depth; ++c) {
      float const steps = std::nearbyint(p->in_scale / p->out_scale * static_cast<float>(in[c]) - base);
      out[c] = static_cast<nw_i8>(std::clamp(steps + static_cast<float>(p->out_zero_point), -128.0f, 127.0f));
    }
  }
}

}  // namespace narrow::host
