/* TRANSPOSE: output dimension d is input dimension perm[d]. A strided copy. */
#ifndef NARROW_TRANSPOSE_H
#define NARROW_TRANSPOSE_H

#include "copy.h"

/* in_extent: rank extents, outermost first; perm: a permutation of 0 .. rank - 1; rank in [0, 6]. */
nw_copy_strided_params nw_transpose_params(int rank, nw_i32 const *in_extent, int const *perm, nw_i32 element_bytes);

#endif
