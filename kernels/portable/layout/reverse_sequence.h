/* REVERSE_SEQUENCE: along one dimension the first elements backwards, how many depends on the index of another. */
#ifndef NARROW_REVERSE_SEQUENCE_H
#define NARROW_REVERSE_SEQUENCE_H

#include "nw_types.h"

/* The data as [outer, first, middle, second, block]; the lengths go along the one of first and second that is not
 * reversed. */
typedef struct {
  nw_i32 outer, first, middle, second;
  nw_i32 block_bytes;
  nw_i32 reverses_first; /* else the second */
  nw_i32 index_bytes;    /* of the lengths: 4 or 8 */
} nw_reverse_sequence_params;

/* Lengths outside of [0, extent] are taken as the nearest inside. out must not overlap in. */
void nw_reverse_sequence(const NW_FLASH nw_reverse_sequence_params *p, const void *in, const void *lengths, void *out);

#endif
