/* SUM or MEAN from nothing but an exported header: data from stdin, results to stdout. */
#include "op.h"

static const int kept_extent[] = KEPT_EXTENT, kept_stride[] = KEPT_STRIDE;
static const int reduced_extent[] = REDUCED_EXTENT, reduced_stride[] = REDUCED_STRIDE;

int main(void) {
  int const rank = RANK_OF(kept_extent), results = product_of(kept_extent, rank);
  int const count = product_of(reduced_extent, rank);
  IN_TYPE x[results * count];
  OUT_TYPE y[results];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int o = 0; o < results; ++o) {
      int32_t sum = 0;
      int64_t out;
      for (int i = 0; i < count; ++i)
        sum += x[place_of(o, kept_extent, kept_stride, rank) + place_of(i, reduced_extent, reduced_stride, rank)];
      RULE y[o] = kept(out);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
