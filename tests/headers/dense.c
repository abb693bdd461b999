/* One fully connected layer from nothing but an exported header: inputs from stdin, outputs to stdout.
 * -DHEADER='"x_weights.h"' -D'L(key)=X_LAYER_##key' -DVALUE=int8_t [-DWIDE] [-DTRANSPOSED] */
#include <stdio.h>

#include HEADER
#include "requantize.h"

int main(void) {
#ifdef LISTS
  static const WEIGHT w[] = L(WT);
  static const SUM bias[] = L(BIAS);
  static const int32_t multiplier[] = L(MULTIPLIERS);
  static const int shift[] = L(SHIFTS);
#else
#define w L(WT)
#define bias L(BIAS)
#define multiplier L(MULTIPLIERS)
#define shift L(SHIFTS)
#endif
  VALUE x[L(IN_C)], y[L(OUT_C)];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int o = 0; o < L(OUT_C); ++o) {
      int64_t acc = bias[o];
      for (int i = 0; i < L(IN_C); ++i) {
#ifdef TRANSPOSED
        acc += (int64_t)(x[i] - L(IN_ZERO_POINT)) * w[i * L(OUT_C) + o];
#else
        acc += (int64_t)(x[i] - L(IN_ZERO_POINT)) * w[o * L(IN_C) + i];
#endif
      }
      y[o] = (VALUE)clamp(requantize(acc, multiplier[o], shift[o]) + L(OUT_ZERO_POINT), L(OUT_MIN), L(OUT_MAX));
    }
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
