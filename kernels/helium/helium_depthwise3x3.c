#include "helium/helium_depthwise3x3.h"

#include "helium/helium_limit.h"
#include "helium/helium_patches.h"

enum { NW_CHANNELS = 16 /* at once */ };

/* Four rows of up to 16 channels, from the image or all of padding, and how far their pixels lie apart. */
typedef struct {
  const nw_i8 *at[4];
  nw_i32 step[4];
} nw_four_rows;

/* Columns of `count` pixels; the place behind them. */
static NW_INLINE nw_i8 *nw_put_columns(nw_i8 *to, const nw_four_rows *rows, nw_i32 count, nw_i32 channels) {
  const nw_i8 *a = rows->at[0], *b = rows->at[1], *c = rows->at[2], *d = rows->at[3];
  nw_i32 const i = rows->step[0], j = rows->step[1], k = rows->step[2], l = rows->step[3];
  for (; count > 0; --count, to += NW_COLUMN, a += i, b += j, c += k, d += l) {
    if (channels == NW_CHANNELS)
      nw_put_column(to, nw_bytes_at(a), nw_bytes_at(b), nw_bytes_at(c), nw_bytes_at(d));
    else
      nw_put_column(to, nw_first_bytes(a, channels), nw_first_bytes(b, channels), nw_first_bytes(c, channels),
                    nw_first_bytes(d, channels));
  }
  return to;
}

static NW_NOINLINE nw_i8 *nw_put_whole_columns(nw_i8 *to, const nw_four_rows *rows, nw_i32 count) {
  return nw_put_columns(to, rows, count, NW_CHANNELS);
}

static NW_NOINLINE nw_i8 *nw_put_narrow_columns(nw_i8 *to, const nw_four_rows *rows, nw_i32 count, nw_i32 channels) {
  return nw_put_columns(to, rows, count, channels);
}

/* Columns of what the windows of a row of pixels reach, of rows y0 to y0 + 3 of the image: `channels` of its channels,
 * which is at 16 or fewer. `padding`: 16 bytes. */
static void nw_put_rows(const nw_window *w, const nw_i8 *input, nw_i32 y0, nw_i32 channels, const nw_i8 *padding,
                        nw_i8 *to) {
  nw_i32 const all = (w->output_w - 1) * w->stride_w + 3, c = w->input_c;
  nw_i32 const before = w->pad_left < all ? w->pad_left : all;
  nw_i32 const inside = w->input_w < all - before ? w->input_w : all - before;
  nw_four_rows rows, none;
  for (nw_i32 r = 0; r < 4; ++r) {
    nw_i32 const y = y0 + r, reached = y >= 0 && y < w->input_h;
    rows.at[r] = reached ? input + y * w->input_w * c : padding;
    rows.step[r] = reached ? c : 0;
    none.at[r] = padding;
    none.step[r] = 0;
  }
  to = nw_put_whole_columns(to, &none, before);
  if (channels == NW_CHANNELS)
    to = nw_put_whole_columns(to, &rows, inside);
  else
    to = nw_put_narrow_columns(to, &rows, inside, channels);
  nw_put_whole_columns(to, &none, all - before - inside);
}

/* One filter where two rows and two columns of pixels have theirs in a patch. */
typedef struct {
  nw_bytes filter[4];
} nw_four_filters;

static NW_INLINE void nw_two_by_two(const nw_i8 *from, nw_places columns, const nw_four_filters *f,
                                    const nw_one_channel *channel, nw_i8 *to, nw_places pixels) {
  nw_bytes const x = nw_patch_at(from, columns);
  nw_words const sums =
      nw_four_words(nw_dot(x, f->filter[0]), nw_dot(x, f->filter[1]), nw_dot(x, f->filter[2]), nw_dot(x, f->filter[3]));
  nw_put_apart(to, pixels, nw_one_result(sums, channel));
}

/* What results are computed from, for up to 16 channels, and where those of the first channel begin. */
typedef struct {
  const nw_i8 *columns, *weights;
  const nw_i32 *numbers;
  nw_i32 channels;
  nw_i8 *to;
} nw_block;

static NW_INLINE nw_one_channel nw_channel_at(const nw_i32 *numbers) {
  nw_one_channel const channel = {numbers[0], numbers[1], numbers[2], numbers[3]};
  return channel;
}

/* Two rows of `count` pixels, at least two; of an odd number the second is computed again. */
static NW_NOINLINE void nw_two_rows(const nw_block *block, nw_i32 count, nw_i32 depth) {
  nw_places const columns = nw_four_places(0, NW_COLUMN, 2 * NW_COLUMN, 3 * NW_COLUMN);
  nw_places const pixels = nw_four_places(0, depth, count * depth, (count + 1) * depth);
  nw_i32 const pairs = (count + 1) / 2, first = count % 2 != 0 ? 1 : 2;
  const nw_i8 *filter = block->weights, *at = block->columns;
  const nw_i32 *numbers = block->numbers;
  nw_i8 *out = block->to, *const end = out + block->channels;
  for (; out < end; ++out, at += 4, numbers += 4, filter += 16) {
    nw_one_channel const channel = nw_channel_at(numbers);
    const nw_i8 *from = at;
    nw_i8 *to = out;
    nw_i32 ahead = first * NW_COLUMN, out_ahead = first * depth, left = pairs;
    nw_four_filters f;
    f.filter[0] = nw_bytes_at(filter);
    f.filter[1] = nw_bytes_at(filter - 4);
    f.filter[2] = nw_row_lower(f.filter[0]);
    f.filter[3] = nw_row_lower(f.filter[1]);
    do {
      nw_two_by_two(from, columns, &f, &channel, to, pixels);
      from += ahead;
      to += out_ahead;
      ahead = 2 * NW_COLUMN;
      out_ahead = 2 * depth;
    } while (--left != 0);
  }
}

/* A row of `count` pixels whose windows are two columns apart. */
static NW_NOINLINE void nw_row_by_two(const nw_block *block, nw_i32 count, nw_i32 depth) {
  nw_places const columns = nw_four_places(0, NW_COLUMN, 2 * NW_COLUMN, 3 * NW_COLUMN);
  nw_places const pixels = nw_four_places(0, depth, 2 * depth, 3 * depth);
  for (nw_i32 i = 0; i < block->channels; ++i) {
    nw_one_channel const channel = nw_channel_at(block->numbers + 4 * i);
    const nw_i8 *from = block->columns + 4 * i;
    nw_i8 *to = block->to + i;
    nw_bytes const f = nw_bytes_at(block->weights + 16 * i);
    for (nw_i32 left = count; left > 0; left -= 4, from += 8 * NW_COLUMN, to += 4 * depth) {
      nw_i32 const a = nw_dot(nw_patch_at(from, columns), f);
      nw_i32 const b = nw_dot(nw_patch_at(from + 2 * NW_COLUMN, columns), f);
      nw_i32 const c = nw_dot(nw_patch_at(from + 4 * NW_COLUMN, columns), f);
      nw_i32 const d = nw_dot(nw_patch_at(from + 6 * NW_COLUMN, columns), f);
      nw_words const results = nw_one_result(nw_four_words(a, b, c, d), &channel);
      if (left >= 4)
        nw_put_apart(to, pixels, results);
      else
        nw_put_first_apart(to, pixels, results, left);
    }
  }
}

void nw_helium_depthwise3x3_i8(const nw_packed_window_params *p, const nw_i8 *input, const nw_i8 *weights,
                               const nw_i32 *channels, nw_i8 *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const depth = w->output_c, height = w->output_h, width = w->output_w, together = w->stride_h == 1 ? 2 : 1;
  nw_i8 *const padding = (nw_i8 *)scratch, *const woven = padding + 16;
  nw_put_bytes(padding, nw_same_bytes(p->input_zero_point));
  for (nw_i32 i = 0; i < height; i += together) {
    /* Of an odd number the last but one is computed again. */
    nw_i32 const y = i + together <= height ? i : height - together;
    nw_i8 *const row = output + y * width * depth;
    for (nw_i32 first = 0; first < depth; first += NW_CHANNELS) {
      nw_i32 const count = depth - first < NW_CHANNELS ? depth - first : NW_CHANNELS;
      nw_put_rows(w, input + first, y * w->stride_h - w->pad_top, count, padding, woven);
      nw_block const block = {woven, weights + 4 + 16 * first, channels + 4 * first, count, row + first};
      if (together == 2)
        nw_two_rows(&block, width, depth);
      else
        nw_row_by_two(&block, width, depth);
    }
  }
  nw_limit(output, height * width * depth, p->min, p->max);
}
