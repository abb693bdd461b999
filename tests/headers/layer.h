/* Hand-written, from the comments of an exported header: the constants of a layer, and how an accumulator becomes an
 * output. HEADER is the header, L(key) the layer's macros; VALUE is the type of its data and results. Flags: LISTS
 * where constants are macros; the rounding: DOUBLE_AWAY, HALF_UP, TRUNCATE, HALF_EVEN or HALF_AWAY; WIDE for
 * multipliers of 16 bits; SHIFT or SHIFTS for powers of two, BIAS_SHIFT or BIAS_SHIFTS for biases (with an S: by
 * channel). */
#include <stdint.h>
#include HEADER

#ifdef LISTS
static const int32_t weights[] = L(WT);
#ifndef NO_BIAS
static const int64_t biases[] = L(BIAS);
#endif
#else
#define weights L(WT)
#define biases L(BIAS)
#endif

static int64_t bias(int o) {
#if defined(NO_BIAS)
  return 0 * o;
#elif defined(BIAS_SHIFTS) && defined(LISTS)
  static const int left[] = L(BIAS_LSHIFTS);
  return biases[o] * ((int64_t)1 << left[o]);
#elif defined(BIAS_SHIFTS)
  return biases[o] * ((int64_t)1 << L(BIAS_LSHIFTS)[o]);
#elif defined(BIAS_SHIFT)
  return biases[o] * ((int64_t)1 << L(BIAS_LSHIFT));
#else
  return biases[o];
#endif
}

/* v / 2^bits, bits >= 0. */
static int64_t divided(int64_t v, int bits) {
  int64_t const unit = (int64_t)1 << bits, floor = v >= 0 ? v >> bits : ~(~v >> bits), rest = 2 * (v - floor * unit);
#if defined(TRUNCATE)
  return floor + 0 * rest;
#elif defined(HALF_EVEN)
  return floor + (rest > unit || (rest == unit && floor % 2 != 0));
#elif defined(HALF_AWAY)
  return floor + (rest > unit || (rest == unit && floor >= 0));
#else
  return floor + (rest >= unit);
#endif
}

static int64_t result(int64_t acc, int o) {
#if defined(SHIFT)
  int64_t const r = divided(acc, L(OUT_RSHIFT) + 0 * o);
#elif defined(SHIFTS) && defined(LISTS)
  static const int right[] = L(OUT_RSHIFTS);
  int64_t const r = divided(acc, right[o]);
#elif defined(SHIFTS)
  int64_t const r = divided(acc, L(OUT_RSHIFTS)[o]);
#else
#ifdef LISTS
  static const int32_t multiplier[] = L(MULTIPLIERS);
  static const int shift[] = L(SHIFTS);
  int64_t const m = multiplier[o];
  int const s = shift[o];
#else
  int64_t const m = L(MULTIPLIERS)[o];
  int const s = L(SHIFTS)[o];
#endif
#if defined(WIDE)
  int64_t const k = (m + 32768) >> 16, r = divided(acc * (k < 32767 ? k : 32767), 15 - s);
#elif defined(DOUBLE_AWAY)
  int64_t const h = divided(acc * ((int64_t)1 << (s > 0 ? s : 0)) * m, 31);
  int64_t const half = s < 0 ? (int64_t)1 << (-s - 1) : 0;
  int64_t const r = s >= 0 ? h : h >= 0 ? (h + half) >> -s : -((-h + half) >> -s);
#else
  int64_t const r = divided(acc * m, 31 - s);
#endif
#endif
  int64_t const y = r + L(OUT_ZERO_POINT);
  return y < L(OUT_MIN) ? L(OUT_MIN) : y > L(OUT_MAX) ? L(OUT_MAX) : y;
}
