/* A function of two operands, element by element, from nothing but an exported header: of each sample a, then b from
 * stdin, results to stdout. A_DATA or B_DATA is the array of an operand that is constant. */
#include "op.h"

static const int extent[] = EXTENT, a_stride[] = A_STRIDE, b_stride[] = B_STRIDE;

int main(void) {
  int const rank = RANK_OF(extent), count = product_of(extent, rank);
  int const a_span = span_of(extent, a_stride, rank), b_span = span_of(extent, b_stride, rank);
  IN_TYPE a_read[a_span], b_read[b_span];
  OUT_TYPE y[count];
  for (;;) {
#ifdef A_DATA
    for (int i = 0; i < a_span; ++i) a_read[i] = (IN_TYPE)A_DATA[i];
#else
    if (fread(a_read, sizeof a_read, 1, stdin) != 1) return 0;
#endif
#ifdef B_DATA
    for (int i = 0; i < b_span; ++i) b_read[i] = (IN_TYPE)B_DATA[i];
#else
    if (fread(b_read, sizeof b_read, 1, stdin) != 1) return 0;
#endif
    for (int i = 0; i < count; ++i) {
      int32_t const a = a_read[place_of(i, extent, a_stride, rank)];
      int32_t const b = b_read[place_of(i, extent, b_stride, rank)];
      int64_t out;
      RULE y[i] = kept(out);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
}
