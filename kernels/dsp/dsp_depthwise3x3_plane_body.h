/* DEPTHWISE_CONV_2D by planes of 16-bit elements; no include guard. Define first NW_DEPTHWISE, NW_PLANE_ROW and
 * NW_TWO_PLANE_ROWS, names of the functions; NW_FILTER(weights, channel), of dsp_plane.h; and as for
 * dsp_three_pixels_body.h NW_IN, NW_OUT, NW_RECORD, NW_SCALE, NW_SCALE_OF, NW_SCALED, NW_TO_RANGE, NW_TO_POSITIVE and
 * NW_LIMIT. All are undefined again at the end. */

#define NW_RESULT(sum) \
  (NW_OUT)(positive ? NW_TO_POSITIVE(NW_SCALED(sum, scale)) : NW_TO_RANGE(NW_SCALED(sum, scale)))

/* A row of results with strides of 2, or of 1. */
static NW_NOINLINE void NW_PLANE_ROW(const nw_i16 *from, nw_i32 columns, nw_i32 stride, const nw_plane_filter *filter,
                                     const nw_i32 *record, nw_i32 positive, nw_i32 count, NW_OUT *to, nw_i32 depth) {
  NW_SCALE const scale = NW_SCALE_OF(record);
  for (; count > 0; count -= 2, from += 2 * stride) {
    nw_i32 a = record[0], b = record[0];
    const nw_i16 *row = from;
    for (nw_i32 r = 0; r < 3; ++r, row += columns) {
      nw_u32 const left = nw_two_halfwords(row), right = nw_two_halfwords(row + 2);
      if (stride == 1)
        nw_plane_row(left, right, filter->front[r], filter->back[r], &a, &b);
      else
        nw_plane_row_by_two(left, right, row[4], filter->front[r], filter->back[r], &a, &b);
    }
    *to = NW_RESULT(a);
    if (count == 1) return;
    to += depth;
    *to = NW_RESULT(b);
    to += depth;
  }
}

/* Two rows of results at once, `below` elements apart, with strides of one: four rows of the plane serve both. */
static NW_NOINLINE void NW_TWO_PLANE_ROWS(const nw_i16 *from, nw_i32 columns, const nw_plane_filter *filter,
                                          const nw_i32 *record, nw_i32 positive, nw_i32 count, NW_OUT *to,
                                          nw_i32 depth, nw_i32 below) {
  nw_plane_filter const f = *filter;
  NW_SCALE const scale = NW_SCALE_OF(record);
  nw_i32 const begin = record[0];
  for (; count > 0; count -= 2, from += 2) {
    const nw_i16 *row = from;
    nw_i32 a = begin, b = begin, c = begin, d = begin;
    nw_u32 left = nw_two_halfwords(row), right = nw_two_halfwords(row + 2);
    nw_plane_row(left, right, f.front[0], f.back[0], &a, &b);
    row += columns;
    left = nw_two_halfwords(row);
    right = nw_two_halfwords(row + 2);
    nw_plane_row(left, right, f.front[0], f.back[0], &c, &d);
    nw_plane_row(left, right, f.front[1], f.back[1], &a, &b);
    row += columns;
    left = nw_two_halfwords(row);
    right = nw_two_halfwords(row + 2);
    nw_plane_row(left, right, f.front[1], f.back[1], &c, &d);
    nw_plane_row(left, right, f.front[2], f.back[2], &a, &b);
    row += columns;
    left = nw_two_halfwords(row);
    right = nw_two_halfwords(row + 2);
    nw_plane_row(left, right, f.front[2], f.back[2], &c, &d);
    to[0] = NW_RESULT(a);
    to[below] = NW_RESULT(c);
    if (count == 1) return;
    to += depth;
    to[0] = NW_RESULT(b);
    to[below] = NW_RESULT(d);
    to += depth;
  }
}

void NW_DEPTHWISE(const nw_packed_window_params *p, const NW_IN *input, const nw_i32 *weights, const nw_i32 *channels,
                  NW_OUT *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const columns = NW_DSP_PLANE_COLUMNS(*w), all_rows = NW_DSP_PLANE_ROWS(*w), depth = w->output_c;
  nw_i32 const rows = all_rows - w->pad_top, reach = columns - w->pad_left, row = w->output_w * depth;
  nw_i32 const height = w->input_h < rows ? w->input_h : rows, width = w->input_w < reach ? w->input_w : reach;
  nw_i32 const positive = p->min >= 0;
  nw_i16 *const plane = (nw_i16 *)scratch;
  for (nw_i32 i = 0; i < all_rows * columns; ++i) plane[i] = (nw_i16)p->input_zero_point;
  for (nw_i32 c = 0; c < depth; ++c, channels += NW_RECORD, ++input, ++output) {
    nw_plane_filter const f = NW_FILTER(weights, c);
    const NW_IN *image = input;
    nw_i16 *inside = plane + w->pad_top * columns + w->pad_left;
    const nw_i16 *from = plane;
    NW_OUT *to = output;
    nw_i32 y = 0;
    for (nw_i32 h = 0; h < height; ++h, inside += columns, image += w->input_w * depth) {
      const NW_IN *at = image;
      nw_i32 x = 0;
      for (; x + 4 <= width; x += 4, at += 4 * depth) {
        inside[x] = at[0];
        inside[x + 1] = at[depth];
        inside[x + 2] = at[2 * depth];
        inside[x + 3] = at[3 * depth];
      }
      for (; x < width; ++x, at += depth) inside[x] = *at;
    }
    for (; w->stride_w == 1 && y + 1 < w->output_h; y += 2, from += 2 * columns, to += 2 * row)
      NW_TWO_PLANE_ROWS(from, columns, &f, channels, positive, w->output_w, to, depth, row);
    for (; y < w->output_h; ++y, from += w->stride_h * columns, to += row)
      NW_PLANE_ROW(from, columns, w->stride_w, &f, channels, positive, w->output_w, to, depth);
    NW_LIMIT(output, w->output_h * w->output_w, depth, p->min, p->max);
  }
}

#undef NW_RESULT
#undef NW_DEPTHWISE
#undef NW_PLANE_ROW
#undef NW_TWO_PLANE_ROWS
#undef NW_FILTER
#undef NW_IN
#undef NW_OUT
#undef NW_RECORD
#undef NW_SCALE
#undef NW_SCALE_OF
#undef NW_SCALED
#undef NW_TO_RANGE
#undef NW_TO_POSITIVE
#undef NW_LIMIT
