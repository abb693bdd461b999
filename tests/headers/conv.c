/* One convolution, or DEPTHWISE one, from nothing but an exported header: inputs from stdin, outputs to stdout. Weights
 * are as stored, or HWIO, or OHWI. */
#include <stdio.h>

#include "layer.h"

#ifdef DEPTHWISE
#define GROUP_IN 1
#define FIRST(o) ((o) / L(DEPTH_MULTIPLIER))
#else
#define GROUP_IN (L(IN_C) / L(GROUPS))
#define FIRST(o) ((o) / (L(OUT_C) / L(GROUPS)) * GROUP_IN) /* the first input channel that output channel o sees */
#endif

/* The weight that takes input channel i (of its group) at (h, w) to output channel o. */
#if defined(DEPTHWISE) && !defined(OHWI)
#define AT(o, h, w, i) (((h)*L(FILTER_W) + (w)) * L(OUT_C) + (o))
#elif defined(DEPTHWISE)
#define AT(o, h, w, i) (((o)*L(FILTER_H) + (h)) * L(FILTER_W) + (w))
#elif defined(HWIO)
#define AT(o, h, w, i) ((((h)*L(FILTER_W) + (w)) * GROUP_IN + (i)) * L(OUT_C) + (o))
#else
#define AT(o, h, w, i) ((((o)*L(FILTER_H) + (h)) * L(FILTER_W) + (w)) * GROUP_IN + (i))
#endif

static VALUE x[L(IN_H)][L(IN_W)][L(IN_C)], y[L(OUT_H)][L(OUT_W)][L(OUT_C)];

static VALUE output(int row, int col, int o) {
  int64_t acc = bias(o);
  for (int h = 0; h < L(FILTER_H); ++h)
    for (int w = 0; w < L(FILTER_W); ++w) {
      int const r = row * L(STRIDE_H) - L(PAD_TOP) + h * L(DILATION_H);
      int const c = col * L(STRIDE_W) - L(PAD_LEFT) + w * L(DILATION_W);
      if (r < 0 || r >= L(IN_H) || c < 0 || c >= L(IN_W)) continue;
      for (int i = 0; i < GROUP_IN; ++i)
        acc += (int64_t)(x[r][c][FIRST(o) + i] - L(IN_ZERO_POINT)) * weights[AT(o, h, w, i)];
    }
  return (VALUE)result(acc, o);
}

int main(void) {
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int row = 0; row < L(OUT_H); ++row)
      for (int col = 0; col < L(OUT_W); ++col)
        for (int o = 0; o < L(OUT_C); ++o) y[row][col][o] = output(row, col, o);
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
