/* Hand-written, from the comments of an exported header: the constants of a layer, and how an accumulator becomes an
 * output. HEADER is the header, L(key) the layer's macros; VALUE is the type of its data and results; FORMULA is the
 * statement that the header gives for the layer's rounding, as it is printed there. Flags: LISTS where constants are
 * macros; SHIFT or SHIFTS for powers of two, BIAS_SHIFT or BIAS_SHIFTS for biases (with an S: by channel). */
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

/* FORMULA takes acc, m and s, or OUT_RSHIFT, to r. */
static int64_t result(int64_t acc, int o) {
  int64_t m = 0, h = 0, k = 0, v = 0, r;
  int s = 0, n = 0;
#if defined(SHIFTS) && defined(LISTS)
  static const int right[] = L(OUT_RSHIFTS);
#define OUT_RSHIFT right[o]
#elif defined(SHIFTS)
#define OUT_RSHIFT L(OUT_RSHIFTS)[o]
#elif defined(SHIFT)
#define OUT_RSHIFT L(OUT_RSHIFT)
#elif defined(LISTS)
  static const int32_t multiplier[] = L(MULTIPLIERS), shift[] = L(SHIFTS);
  m = multiplier[o];
  s = shift[o];
#else
  m = L(MULTIPLIERS)[o];
  s = L(SHIFTS)[o];
#endif
  (void)m, (void)h, (void)k, (void)v, (void)s, (void)n, (void)o;
  FORMULA
  r += L(OUT_ZERO_POINT);
  return r < L(OUT_MIN) ? L(OUT_MIN) : r > L(OUT_MAX) ? L(OUT_MAX) : r;
}
