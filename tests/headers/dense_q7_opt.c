/* One fully connected layer whose weights have the layout cmsis-q7-opt, read as arm_fully_connected_q7_opt reads them:
 * one pointer goes over them once. Inputs from stdin, outputs to stdout. */
#include <stdio.h>

#include "layer.h"

int main(void) {
  VALUE x[L(IN_C)], y[L(OUT_C)];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    int const rows = L(OUT_C) / 4 * 4, columns = L(IN_C) / 4 * 4;
    const int_least8_t *w = weights;
    for (int o = 0; o < rows; o += 4) {
      int64_t acc[4];
      for (int r = 0; r < 4; ++r) acc[r] = bias(o + r);
      for (int i = 0; i < columns; i += 4)
        for (int first = i; first < i + 2; ++first)
          for (int pair = 0; pair < 4; pair += 2)
            for (int column = first; column < first + 4; column += 2)
              for (int r = pair; r < pair + 2; ++r) acc[r] += (int64_t)(x[column] - L(IN_ZERO_POINT)) * *w++;
      for (int i = columns; i < L(IN_C); ++i)
        for (int r = 0; r < 4; ++r) acc[r] += (int64_t)(x[i] - L(IN_ZERO_POINT)) * *w++;
      for (int r = 0; r < 4; ++r) y[o + r] = (VALUE)result(acc[r], o + r);
    }
    for (int o = rows; o < L(OUT_C); ++o) {
      int64_t acc = bias(o);
      for (int i = 0; i < L(IN_C); ++i) acc += (int64_t)(x[i] - L(IN_ZERO_POINT)) * *w++;
      y[o] = (VALUE)result(acc, o);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
