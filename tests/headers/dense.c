/* One fully connected layer from nothing but an exported header: inputs from stdin, outputs to stdout. TRANSPOSED:
 * weights are [in, out]. */
#include <stdio.h>

#include "layer.h"

int main(void) {
  VALUE x[L(IN_C)], y[L(OUT_C)];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int o = 0; o < L(OUT_C); ++o) {
      int64_t acc = bias(o);
      for (int i = 0; i < L(IN_C); ++i) {
#ifdef TRANSPOSED
        acc += (int64_t)(x[i] - L(IN_ZERO_POINT)) * weights[i * L(OUT_C) + o];
#else
        acc += (int64_t)(x[i] - L(IN_ZERO_POINT)) * weights[o * L(IN_C) + i];
#endif
      }
      y[o] = (VALUE)result(acc, o);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
