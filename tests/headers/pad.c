/* PAD from nothing but an exported header: data from stdin, results to stdout. */
#include "op.h"

static const int extent[] = EXTENT, before[] = BEFORE, after[] = AFTER;

int main(void) {
  int const rank = RANK_OF(extent);
  int whole[RANK_OF(extent)], strides[RANK_OF(extent)], first = 0, results = 1;
  for (int d = rank; d-- > 0;) {
    whole[d] = before[d] + extent[d] + after[d];
    strides[d] = results;
    first += before[d] * results;
    results *= whole[d];
  }
  IN_TYPE x[product_of(extent, rank)];
  OUT_TYPE y[results];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int i = 0; i < results; ++i) y[i] = VALUE[0];
    for (int i = 0; i < product_of(extent, rank); ++i) y[first + place_of(i, extent, strides, rank)] = x[i];
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
