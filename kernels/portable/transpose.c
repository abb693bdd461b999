#include "transpose.h"

nw_copy_strided_params nw_transpose_params(int rank, nw_i32 const *in_extent, int const *perm, nw_i32 element_bytes) {
  nw_copy_strided_params p;
  nw_i32 in_stride[NW_COPY_RANK];
  nw_i32 elements = 1;
  int const front = NW_COPY_RANK - rank;
  for (int d = rank - 1; d >= 0; --d) {
    in_stride[d] = elements;
    elements *= in_extent[d];
  }
  for (int d = 0; d < NW_COPY_RANK; ++d) {
    p.extent[d] = d < front ? 1 : in_extent[perm[d - front]];
    p.stride[d] = d < front ? 0 : in_stride[perm[d - front]];
  }
  p.offset = 0;
  p.element_bytes = element_bytes;
  return p;
}
