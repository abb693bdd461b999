#include "strided_slice.h"

nw_copy_strided_params nw_strided_slice_params(int rank, nw_slice_axis const *axes, nw_i32 element_bytes) {
  nw_copy_strided_params p;
  nw_i32 elements = 1;
  int const front = NW_COPY_RANK - rank;
  p.offset = 0;
  for (int d = NW_COPY_RANK - 1; d >= 0; --d) {
    nw_slice_axis const *const axis = d < front ? (nw_slice_axis const *)0 : axes + (d - front);
    p.extent[d] = axis ? axis->out_extent : 1;
    p.stride[d] = axis ? axis->step * elements : 0;
    if (axis) p.offset += axis->begin * elements;
    if (axis) elements *= axis->in_extent;
  }
  p.element_bytes = element_bytes;
  return p;
}
