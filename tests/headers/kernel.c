/* An op whose kernel the header names: data from stdin, results to stdout. KERNEL is that C function, PARAMS its
 * parameter struct and MEMBERS the header's macros in the order of its members; IN_LENGTH and OUT_LENGTH count
 * elements. */
#include "op.h"
#include KERNEL_HEADER

static const PARAMS params = MEMBERS;

int main(void) {
  static IN_TYPE x[IN_LENGTH];
  static OUT_TYPE y[OUT_LENGTH];
  while (fread(x, sizeof x, 1, stdin) == 1) {
    KERNEL(&params, x, y);
    fwrite(y, sizeof y, 1, stdout);
  }
  return 0;
}
