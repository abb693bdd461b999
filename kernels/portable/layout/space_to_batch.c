#include "portable/layout/space_to_batch.h"

#include "portable/layout/fill.h"

static void tile(const NW_FLASH nw_space_to_batch_params *p, const void *value, const char *image, nw_i32 first_row,
                 nw_i32 first_column, char *to) {
  size_t const size = (size_t)p->element_bytes, pixel = (size_t)p->depth * size;
  for (nw_i32 i = 0; i < p->tile_height; ++i) {
    nw_i32 const y = i * p->block_h + first_row;
    for (nw_i32 j = 0; j < p->tile_width; ++j, to += pixel) {
      nw_i32 const x = j * p->block_w + first_column;
      if (y < 0 || y >= p->height || x < 0 || x >= p->width)
        nw_fill(to, p->depth, value, size);
      else
        nw_copy_run(to, image + (size_t)(y * p->width + x) * pixel, pixel);
    }
  }
}

void nw_space_to_batch(const NW_FLASH nw_space_to_batch_params *p, const void *value, const void *image, void *tiles) {
  size_t const pixel = (size_t)p->depth * (size_t)p->element_bytes;
  size_t const image_bytes = (size_t)(p->height * p->width) * pixel;
  size_t const tile_bytes = (size_t)(p->tile_height * p->tile_width) * pixel;
  char *to = (char *)tiles;
  for (nw_i32 h = 0; h < p->block_h; ++h)
    for (nw_i32 w = 0; w < p->block_w; ++w)
      for (nw_i32 b = 0; b < p->batch; ++b, to += tile_bytes)
        tile(p, value, (const char *)image + (size_t)b * image_bytes, h - p->top, w - p->left, to);
}

void nw_batch_to_space(const NW_FLASH nw_space_to_batch_params *p, const void *tiles, void *image) {
  size_t const pixel = (size_t)p->depth * (size_t)p->element_bytes;
  nw_i32 const tile_pixels = p->tile_height * p->tile_width;
  char *to = (char *)image;
  for (nw_i32 b = 0; b < p->batch; ++b)
    for (nw_i32 y = p->top; y < p->top + p->height; ++y)
      for (nw_i32 x = p->left; x < p->left + p->width; ++x, to += pixel) {
        nw_i32 const which = (y % p->block_h * p->block_w + x % p->block_w) * p->batch + b;
        nw_i32 const at = which * tile_pixels + y / p->block_h * p->tile_width + x / p->block_w;
        nw_copy_run(to, (const char *)tiles + (size_t)at * pixel, pixel);
      }
}
