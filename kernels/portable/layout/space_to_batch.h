/* SPACE_TO_BATCH_ND: every block_h-th row and block_w-th column of a padded image becomes an image of its own, in the
 * order of where it begins; BATCH_TO_SPACE_ND puts them together again and crops. */
#ifndef NARROW_SPACE_TO_BATCH_H
#define NARROW_SPACE_TO_BATCH_H

#include "nw_types.h"

/* The whole images, and the tiles that they are taken apart into: block_h * block_w times as many. */
typedef struct {
  nw_i32 batch; /* whole images */
  nw_i32 height, width;
  nw_i32 tile_height, tile_width;
  nw_i32 block_h, block_w; /* >= 1 */
  nw_i32 top, left;        /* rows and columns that the tiles have before the image begins, >= 0 */
  nw_i32 depth;            /* elements of a pixel */
  nw_i32 element_bytes;    /* as sizeof counts */
} nw_space_to_batch_params;

/* value: the element outside of the image. out must not overlap in. */
void nw_space_to_batch(const NW_FLASH nw_space_to_batch_params *p, const void *value, const void *image, void *tiles);

/* The tiles cover the image. out must not overlap in. */
void nw_batch_to_space(const NW_FLASH nw_space_to_batch_params *p, const void *tiles, void *image);

#endif
