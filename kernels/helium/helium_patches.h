/* Patches of images: four columns of four rows of one channel, in a vector of 16 bytes. They are gathered from columns
 * of 64 bytes in which, for each of 16 channels, the bytes of four rows lie side by side. */
#ifndef NARROW_HELIUM_PATCHES_H
#define NARROW_HELIUM_PATCHES_H

#include "helium/helium_scaled.h"

enum { NW_COLUMN = 64 /* bytes */ };

/* How the sums of a channel become results: helium_channels.h; the shift is negative. */
typedef struct {
  nw_i32 begin, multiplier, addend, shift;
} nw_one_channel;

/* The results of sums of one channel without their beginnings, in [-128, 127]. */
static NW_INLINE nw_words nw_one_result(nw_words sums, const nw_one_channel *channel) {
  nw_words const x = nw_high_words_by(nw_plus_scalar(sums, channel->begin), channel->multiplier);
  return nw_saturated(nw_scalar_shift(nw_plus_scalar(x, channel->addend), channel->shift));
}

#if NW_HELIUM
typedef uint32x4_t nw_places;

static NW_INLINE nw_places nw_four_places(nw_i32 a, nw_i32 b, nw_i32 c, nw_i32 d) {
  return vreinterpretq_u32_s32(nw_four_words(a, b, c, d));
}

/* A column of 64 bytes from 16 channels of four rows. */
static NW_INLINE void nw_put_column(nw_i8 *to, nw_bytes a, nw_bytes b, nw_bytes c, nw_bytes d) {
  int8x16x4_t rows;
  rows.val[0] = a;
  rows.val[1] = b;
  rows.val[2] = c;
  rows.val[3] = d;
  vst4q_s8(to, rows);
}

/* The patch whose first column's four bytes are at `at`, where `columns` are the places of four columns. */
static NW_INLINE nw_bytes nw_patch_at(const nw_i8 *at, nw_places columns) {
  return vreinterpretq_s8_s32(vldrwq_gather_offset_s32((const int32_t *)(const void *)at, columns));
}

/* A filter that begins one row lower: bytes of columns move on by one. */
static NW_INLINE nw_bytes nw_row_lower(nw_bytes filter) {
  return vreinterpretq_s8_s32(vshlq_n_s32(vreinterpretq_s32_s8(filter), 8));
}

/* Each word's lower byte to its place. */
static NW_INLINE void nw_put_apart(nw_i8 *to, nw_places places, nw_words v) {
  vstrbq_scatter_offset_s32(to, places, v);
}

static NW_INLINE void nw_put_first_apart(nw_i8 *to, nw_places places, nw_words v, nw_i32 count) {
  vstrbq_scatter_offset_p_s32(to, places, v, vctp32q((uint32_t)count));
}

#else
typedef struct {
  nw_i32 lane[4];
} nw_places;

static NW_INLINE nw_places nw_four_places(nw_i32 a, nw_i32 b, nw_i32 c, nw_i32 d) {
  nw_places const v = {{a, b, c, d}};
  return v;
}

static NW_INLINE void nw_put_column(nw_i8 *to, nw_bytes a, nw_bytes b, nw_bytes c, nw_bytes d) {
  for (int i = 0; i < 16; ++i, to += 4) {
    to[0] = a.lane[i];
    to[1] = b.lane[i];
    to[2] = c.lane[i];
    to[3] = d.lane[i];
  }
}

static NW_INLINE nw_bytes nw_patch_at(const nw_i8 *at, nw_places columns) {
  nw_bytes v;
  for (int i = 0; i < 16; ++i) v.lane[i] = at[columns.lane[i / 4] + i % 4];
  return v;
}

static NW_INLINE nw_bytes nw_row_lower(nw_bytes filter) {
  nw_bytes v;
  for (int i = 0; i < 16; ++i) v.lane[i] = i % 4 == 0 ? (nw_i8)0 : filter.lane[i - 1];
  return v;
}

static NW_INLINE void nw_put_first_apart(nw_i8 *to, nw_places places, nw_words v, nw_i32 count) {
  for (int i = 0; i < 4 && i < count; ++i) to[places.lane[i]] = (nw_i8)v.lane[i];
}

static NW_INLINE void nw_put_apart(nw_i8 *to, nw_places places, nw_words v) {
  nw_put_first_apart(to, places, v, 4);
}

#endif

#endif
