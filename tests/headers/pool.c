/* One pool from nothing but an exported header: inputs from stdin, outputs to stdout. HEADER is the header, L(key) the
 * op's macros; VALUE is the type of its data and results. AVERAGE: the mean of a window, ties away from stored zero;
 * otherwise its largest element. Padding does not count. */
#include <stdint.h>
#include <stdio.h>
#include HEADER

static VALUE x[L(IN_H)][L(IN_W)][L(IN_C)], y[L(OUT_H)][L(OUT_W)][L(OUT_C)];

static VALUE output(int row, int col, int o) {
  int32_t sum = 0, count = 0, largest = INT32_MIN, result;
  for (int h = 0; h < L(FILTER_H); ++h)
    for (int w = 0; w < L(FILTER_W); ++w) {
      int const r = row * L(STRIDE_H) - L(PAD_TOP) + h, c = col * L(STRIDE_W) - L(PAD_LEFT) + w;
      if (r < 0 || r >= L(IN_H) || c < 0 || c >= L(IN_W)) continue;
      sum += x[r][c][o];
      if (x[r][c][o] > largest) largest = x[r][c][o];
      ++count;
    }
#ifdef AVERAGE
  result = (sum + (sum > 0 ? count / 2 : -(count / 2))) / count;
#else
  result = largest;
#endif
  return (VALUE)(result < L(OUT_MIN) ? L(OUT_MIN) : result > L(OUT_MAX) ? L(OUT_MAX) : result);
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
