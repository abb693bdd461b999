/* Hand-written, from the comments of an exported header: an accumulator becomes an output. */
#include <stdint.h>

static int64_t floor_shift(int64_t v, int bits) {
  return v >= 0 ? v >> bits : ~(~v >> bits);
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi) {
  return v < lo ? lo : v > hi ? hi : v;
}

static int64_t requantize(int64_t acc, int32_t m, int s) {
#ifdef WIDE
  int64_t const k = clamp(((int64_t)m + 32768) >> 16, 0, 32767);
  return floor_shift(acc * k + ((int64_t)1 << (14 - s)), 15 - s);
#else
  int64_t const h = floor_shift(acc * ((int64_t)1 << (s > 0 ? s : 0)) * m + ((int64_t)1 << 30), 31);
  int const right = s > 0 ? 0 : -s;
  int64_t const half = right > 0 ? (int64_t)1 << (right - 1) : 0;
  return h >= 0 ? (h + half) >> right : -((-h + half) >> right);
#endif
}
