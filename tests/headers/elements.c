/* A function of one element from nothing but an exported header: data from stdin, results to stdout. */
#include "op.h"

int main(void) {
  static IN_TYPE x[COUNT];
  static OUT_TYPE y[COUNT];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    for (int i = 0; i < COUNT; ++i) {
      int32_t const in = x[i];
      int64_t out;
      RULE y[i] = kept(out);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
