// 8-bit SOFTMAX with the exponentials in a table, as there are but 256 differences from a row's largest element.
#ifndef NARROW_KERNELS_HOST_SOFTMAX_H
#define NARROW_KERNELS_HOST_SOFTMAX_H

#include <array>
#include <cstddef>

extern "C" {
#include "portable/activations/softmax.h"
}

namespace narrow::host {

struct SoftmaxTable {
  std::array<nw_i32, 256> exponential;  // entry d: e^-d under the parameters, Q0.31; 0 below diff_min
  std::array<nw_i32, 256> addend;       // the same in the sum's Q12.19
};
SoftmaxTable softmax_table(const nw_softmax_params& p);

// Equal the portable kernels bit for bit.
void softmax_i8(const nw_softmax_params& p, const SoftmaxTable& table, const nw_i8* in, nw_i8* out);
void softmax_i8_i16(const nw_softmax_params& p, const SoftmaxTable& table, const nw_i8* in, nw_i16* out);

// LiteRT's default 8-bit SOFTMAX and LOG_SOFTMAX: exponentials are summed up in float32 in order.
struct SoftmaxFloat {
  nw_i32 rows;
  nw_i32 depth;
  const float* table;  // 256 entries: entry 255 - d is the exponential of d steps of the data below a row's largest
  float in_scale;      // LOG_SOFTMAX
  float out_scale;
  nw_i32 out_zero_point;
};
// Probabilities go to the result's scale, ties away from zero.
void softmax_float_i8(const SoftmaxFloat* p, const nw_i8* in, nw_i8* out);
void softmax_float_i8_i16(const SoftmaxFloat* p, const nw_i8* in, nw_i16* out);
// Likewise their logarithms, ties to even.
void log_softmax_float_i8(const SoftmaxFloat* p, const nw_i8* in, nw_i8* out);

}  // namespace narrow::host

#endif
