#include "helium/helium_dense.h"

#include "helium/helium_copy.h"
#include "helium/helium_row.h"

void nw_helium_dense_i8(const nw_helium_dense_params *p, const nw_i8 *input, const nw_i8 *weights,
                        const nw_i32 *channels, nw_i8 *output, void *scratch) {
  nw_i32 const vectors = NW_WHOLE_VECTORS(p->input_c) / 16, last = p->rows - 1;
  for (nw_i32 i = 0; i < p->rows; ++i) {
    nw_i32 const at = p->backwards ? last - i : i;
    const nw_i8 *row = input + at * p->input_c;
    /* Behind other rows there are elements of the next ones, which are multiplied with zeros. */
    if ((p->rows - at) * p->input_c < 16 * vectors) {
      nw_copy_to_vectors((nw_i8 *)scratch, row, p->input_c);
      row = (const nw_i8 *)scratch;
    }
    nw_row_results(row, vectors, weights, channels, p->output_c, p->min, p->max, output + at * p->output_c);
  }
}
