// Lookup tables the integer kernels read, as the runtimes compute them: the only places where LiteRT's and TFLM's
// integer kernels depend on floating point. Results depend on the C library's exp and tanh in the last place, and on no
// contraction of a * b + c (build with -ffp-contract=off).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace narrow {

using Table8 = std::array<std::int8_t, 256>;    // entry i: input i - 128; for nw_table_i8
using Table16 = std::array<std::int16_t, 513>;  // entry i: input 128 * i - 32768; for nw_interpolate

struct Affine {
  float scale;
  std::int32_t zero_point;
};

// LiteRT, reference and optimized kernels: float32 throughout. round(f(s_in * (q - z_in)) * (1 / s_out)), ties away
// from zero, + z_out, clamped (where the runtimes would leave 32 bits, too: what they store then is up to the
// processor).
Table8 litert_table8(Affine in, Affine out, const std::function<float(float)>& f);
float litert_logistic(float x);  // 1 / (1 + exp(-x))
float litert_tanh(float x);

// XNNPACK: f((q - z_in) * s_in) in float32; times 1 / s_out, plus z_out, clamped, then rounded half to even.
Table8 xnnpack_table8(Affine in, Affine out, const std::function<float(float)>& f);
float xnnpack_logistic(float x);  // e / (1 + e) in double, saturated beyond |x| = 100

// Int16 tables: sample minus half the error of linear interpolation at the interval's midpoint, so that interpolation
// errs both ways; 0 where that is no number. `Real` is the precision the runtime computes in: float or double.
template <typename Real>
Table16 interpolation_table16(Real in_scale, std::int32_t in_zero_point, Real out_scale, std::int32_t out_zero_point,
                              const std::function<Real(Real)>& f);
template <typename Real>
Table16 softmax_exp_table();  // double: LiteRT; float: TFLM
template <typename Real>
Table16 softmax_reciprocal_table();

// sigmoid(i / 24) * 65536 with the same half-error correction, unrounded until the end; the last entry is 65535.
std::array<std::uint16_t, 256> squash_table();

// LiteRT's default int8 SOFTMAX (host-only): entry 255 - d is exp(-s_in * beta * d) in float32, d >= 0.
std::array<float, 256> softmax_float_table(float in_scale, float beta);

// RESIZE_NEAREST_NEIGHBOR: source index of each of `out` output indices, in float32 as the runtimes do.
// Preconditions: in, out in [1, 65536).
std::vector<std::uint16_t> nearest_sources(std::int32_t in, std::int32_t out, bool align_corners,
                                           bool half_pixel_centers);

}  // namespace narrow
