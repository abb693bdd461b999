/* One transposed convolution from nothing but an exported header: inputs from stdin, outputs to stdout. Weights as
 * stored. */
#include <stdio.h>
#include <string.h>

#include "layer.h"

static VALUE x[L(IN_H)][L(IN_W)][L(IN_C)], y[L(OUT_H)][L(OUT_W)][L(OUT_C)];
static int64_t sum[L(OUT_H)][L(OUT_W)][L(OUT_C)];

/* What the input at (row, col) adds through the filter at (h, w). */
static void scatter(int row, int col, int h, int w) {
  int const r = row * L(STRIDE_H) - L(PAD_TOP) + h, c = col * L(STRIDE_W) - L(PAD_LEFT) + w;
  if (r < 0 || r >= L(OUT_H) || c < 0 || c >= L(OUT_W)) return;
  for (int o = 0; o < L(OUT_C); ++o)
    for (int i = 0; i < L(IN_C); ++i)
      sum[r][c][o] += (int64_t)(x[row][col][i] - L(IN_ZERO_POINT)) *
                      weights[((o * L(FILTER_H) + h) * L(FILTER_W) + w) * L(IN_C) + i];
}

int main(void) {
  while (fread(x, sizeof x, 1, stdin) == 1) {
    memset(sum, 0, sizeof sum);
    for (int row = 0; row < L(IN_H); ++row)
      for (int col = 0; col < L(IN_W); ++col)
        for (int h = 0; h < L(FILTER_H); ++h)
          for (int w = 0; w < L(FILTER_W); ++w) scatter(row, col, h, w);
    for (int row = 0; row < L(OUT_H); ++row)
      for (int col = 0; col < L(OUT_W); ++col)
        for (int o = 0; o < L(OUT_C); ++o) y[row][col][o] = (VALUE)result(sum[row][col][o] + bias(o), o);
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
