/* CONCATENATION from nothing but an exported header: of each sample all operands one after the other from stdin,
 * results to stdout. ALL_... list what the header says of each operand. */
#include "op.h"

static const int blocks[] = {ALL_BLOCKS}, block_bytes[] = {ALL_BLOCK_BYTES}, in_stride[] = {ALL_IN_STRIDE},
                 out_stride[] = {ALL_OUT_STRIDE}, out_byte[] = {ALL_OUT_BYTE};

int main(void) {
  char y[blocks[0] * out_stride[0]];
  for (;;) {
    for (int k = 0; k < RANK_OF(blocks); ++k) {
      char x[blocks[k] * in_stride[k]];
      if (fread(x, sizeof x, 1, stdin) != 1) return 0;
      for (int b = 0; b < blocks[k]; ++b)
        memcpy(y + out_byte[k] + b * out_stride[k], x + b * in_stride[k], (size_t)block_bytes[k]);
    }
    fwrite(y, sizeof y, 1, stdout);
  }
}
