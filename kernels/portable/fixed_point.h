/* Fixed-point exp, 1/(1+x), logistic and tanh on words of 16 or 32 bits.
 *
 * `bits` is the word width; a Qm number holds m integer bits and bits - 1 - m fraction bits, so raw r stands for
 * r / 2^(bits - 1 - m). Values are carried in nw_i32 whatever the width. The results equal gemmlowp's fixedpoint
 * functions of the same name bit for bit (TFLM's int8 softmax, logistic and tanh; LiteRT's int16 ones).
 * Constants are real numbers rounded at 32 bits, then again at the width, which is what those runtimes do. */
#ifndef NARROW_FIXED_POINT_H
#define NARROW_FIXED_POINT_H

#include "nw_requantize.h"

static inline nw_i32 nw_fp_one(int bits) {
  return (nw_i32)(((nw_i64)1 << (bits - 1)) - 1);
}

static inline nw_i32 nw_fp_saturate(nw_i64 v, int bits) {
  nw_i64 const top = nw_fp_one(bits);
  return (nw_i32)(v > top ? top : (v < -top - 1 ? -top - 1 : v));
}

/* Qm x Qn -> Q(m+n): nearest, ties up; -1 x -1 saturates. */
static inline nw_i32 nw_fp_mul(nw_i32 a, nw_i32 b, int bits) {
  return nw_fp_saturate(nw_floor_shift((nw_i64)a * b + ((nw_i64)1 << (bits - 2)), bits - 1), bits);
}

/* v * 2^exponent: saturating upwards, nearest with ties away from zero downwards. */
static inline nw_i32 nw_fp_scale(nw_i32 v, int exponent, int bits) {
  if (exponent < 0) return nw_round_shift_away(v, -exponent);
  return nw_fp_saturate((nw_i64)v * ((nw_i64)1 << exponent), bits);
}

static inline nw_i32 nw_fp_constant(nw_i32 at_32_bits, int bits) {
  return nw_round_shift_away(at_32_bits, 32 - bits);
}

/* e^a for a in [-1/4, 0), Q0 -> Q0: with x = a + 1/8, e^(-1/8) * (1 + x + x^2/2 + x^3/6 + x^4/24). */
static inline nw_i32 nw_fp_exp_quarter(nw_i32 a, int bits) {
  nw_i32 const centre = nw_fp_constant(1895147668, bits); /* e^(-1/8) */
  nw_i32 const third = nw_fp_constant(715827883, bits);
  nw_i32 const x = a + ((nw_i32)1 << (bits - 4));
  nw_i32 const x2 = nw_fp_mul(x, x, bits);
  nw_i32 const x3 = nw_fp_mul(x2, x, bits);
  nw_i32 const x4 = nw_fp_mul(x2, x2, bits);
  nw_i32 const thirds = nw_fp_mul(nw_fp_scale(x4, -2, bits) + x3, third, bits);
  nw_i32 const tail = nw_fp_scale(thirds + x2, -1, bits);
  return nw_fp_saturate((nw_i64)centre + nw_fp_mul(centre, x + tail, bits), bits);
}

/* e^a for a <= 0, Qm -> Q0, m = integer_bits in [1, 7]. a is split into a remainder in [-1/4, 0) and a sum of
 * powers of two from 1/4 to 2^(m-1), each of which contributes a factor; below -32 the result is 0. e^0 is the largest
 * Q0 number. */
static inline nw_i32 nw_fp_exp(nw_i32 a, int integer_bits, int bits) {
  static const NW_FLASH nw_i32 factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  int const fraction_bits = bits - 1 - integer_bits;
  nw_i32 const quarter = (nw_i32)1 << (fraction_bits - 2);
  nw_i32 const low = (nw_i32)((nw_u32)a & (nw_u32)(quarter - 1)) - quarter;
  nw_i32 const rest = low - a;
  nw_i32 result = nw_fp_exp_quarter(nw_fp_scale(low, integer_bits, bits), bits);
  if (integer_bits > 5 && a < -((nw_i32)1 << (fraction_bits + 5))) return 0;
  for (int e = -2; e < integer_bits && e < 5; ++e) /* factors[e + 2] = e^-(2^e) in Q0 */
    if ((rest >> (fraction_bits + e)) & 1) result = nw_fp_mul(result, nw_fp_constant(factors[e + 2], bits), bits);
  return a == 0 ? nw_fp_one(bits) : result;
}

/* 2 / (1 + a) in Q2 for a in [0, 1), Q0. Newton's iteration for 1/d, d = (1 + a)/2 in [1/2, 1], from the linear
 * estimate 48/17 - 32/17 d, which is off by at most 1/17; three steps exhaust 31 bits. */
static inline nw_i32 nw_fp_newton(nw_i32 a, int bits) {
  nw_i32 const d = (nw_i32)(((nw_i64)a + nw_fp_one(bits) + 1) >> 1);
  nw_i32 const one = (nw_i32)1 << (bits - 3);
  nw_i32 x = nw_fp_constant(1515870810, bits) + nw_fp_mul(d, nw_fp_constant(-1010580540, bits), bits);
  for (int step = 0; step < 3; ++step) {
    nw_i32 const error = one - nw_fp_mul(d, x, bits);
    x += nw_fp_scale(nw_fp_mul(x, error, bits), 2, bits);
  }
  return x;
}

/* 1 / (1 + a) for a in [0, 1), Q0 -> Q0. */
static inline nw_i32 nw_fp_reciprocal(nw_i32 a, int bits) {
  return nw_fp_scale(nw_fp_newton(a, bits), 1, bits);
}

/* 1 / (1 + e^-a), Qm -> Q0, m in [1, 5]. */
static inline nw_i32 nw_fp_logistic(nw_i32 a, int integer_bits, int bits) {
  nw_i32 const positive = nw_fp_reciprocal(nw_fp_exp(a > 0 ? -a : a, integer_bits, bits), bits);
  if (a == 0) return (nw_i32)1 << (bits - 2);
  return a > 0 ? positive : nw_fp_one(bits) - positive;
}

/* tanh a, Qm -> Q0, m in [0, 6]: with e = exp(-2|a|), (1 - e) / (1 + e) = 2 / (1 + e) - 1. */
static inline nw_i32 nw_fp_tanh(nw_i32 a, int integer_bits, int bits) {
  nw_i32 const e = nw_fp_exp(a > 0 ? -a : a, integer_bits + 1, bits);
  nw_i32 const size = nw_fp_scale(nw_fp_newton(e, bits) - ((nw_i32)1 << (bits - 3)), 2, bits);
  if (a == 0) return 0;
  return a > 0 ? size : -size;
}

/* Zero bits above the highest set bit of a 32-bit word, v > 0. */
static inline int nw_leading_zeros(nw_u32 v) {
  int n = 0;
  for (; !(v & ((nw_u32)1 << 31)); v <<= 1) ++n;
  return n;
}

/* ln a for a >= 1, Q12.19 -> Q5.26 (TFLM and LiteRT: log_x_for_x_greater_than_or_equal_to_1). a = r * 2^e with r
 * centred on c = sqrt(sqrt(1/2)): of two candidates, a as a mantissa in [1/2, 1) and that times sqrt(1/2), the smaller
 * mantissa is r, and e is a multiple of 1/2 with 1/4 added. With q = 2 (r - c) and p = (r + c) / 2, ln r is a rational
 * function of q. Q6.25 inside, since e ln 2 and ln r have different signs. */
static inline nw_i32 nw_fp_log(nw_i32 a) {
  nw_i32 const log_2 = 1488522236, c = 1805811301, root_half = 1518500250;
  nw_i32 const quarter = (nw_i32)1 << 23; /* Q6.25 */
  int const a_zeros = nw_leading_zeros((nw_u32)a);
  nw_i32 const b = nw_fp_mul(a, root_half, 32);
  int const b_zeros = nw_leading_zeros((nw_u32)b) - 1;
  nw_i32 const a_mantissa = nw_fp_scale(nw_fp_mul(nw_fp_scale(a, a_zeros - 1, 32), root_half, 32), 1, 32);
  nw_i32 const b_mantissa = nw_fp_scale(a, b_zeros, 32);
  nw_i32 const a_exponent = nw_fp_saturate((nw_i64)nw_fp_scale(12 - a_zeros, 25, 32) + quarter, 32);
  nw_i32 const b_exponent = nw_fp_saturate((nw_i64)nw_fp_scale(12 - b_zeros, 25, 32) - quarter, 32);
  nw_i32 const r = a_mantissa < b_mantissa ? a_mantissa : b_mantissa;
  nw_i32 const e = a_exponent > b_exponent ? a_exponent : b_exponent;
  nw_i32 const p = (nw_i32)(((nw_i64)r + c + 1) >> 1);
  nw_i32 const q = 2 * (r - c);
  nw_i32 const square = nw_fp_mul(q, q, 32);
  nw_i32 const above =
      nw_fp_mul(q, r, 32) + nw_fp_mul(nw_fp_mul(q, square, 32), 117049297, 32); /* 11/240 sqrt(sqrt 2) */
  nw_i32 const inner = 1057819769 + q + nw_fp_mul(127690142, square, 32);       /* 2c - 1/c; 1/20 sqrt(sqrt 2) */
  nw_i32 const below = nw_fp_mul(p, inner, 32) + nw_fp_mul(638450708, q, 32);   /* less 1; 1/4 sqrt(sqrt 2) */
  nw_i32 const log_r = nw_fp_mul(nw_fp_scale(above, -6, 32), nw_fp_reciprocal(below, 32), 32);
  return nw_fp_scale(nw_fp_mul(e, log_2, 32) + log_r, 1, 32);
}

#endif
