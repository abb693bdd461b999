/* DEPTHWISE_CONV_2D by planes of 16-bit elements; no include guard. Define first NW_DEPTHWISE, NW_PLANE_BY_ONE,
 * NW_PLANE_BY_TWO and NW_PLANE_PAIRS, names of the functions; NW_FILTER(weights, channel), of dsp_plane.h; NW_SUM, the
 * type of sums, NW_BEGIN(record), and what adds products to two of them: NW_ROW as nw_plane_row, NW_WORDS as
 * nw_plane_words; and as for dsp_three_pixels_body.h NW_IN, NW_OUT, NW_RECORD, NW_SCALE, NW_SCALE_OF, NW_SCALED,
 * NW_TO_RANGE, NW_TO_POSITIVE and NW_LIMIT. All are undefined again at the end. */

/* The results of a channel, two at a time, of a plane with rows of `columns` elements. */
#define NW_PLANE(name, stride)                                                                                     \
  static NW_NOINLINE void name(const nw_i16 *plane, nw_i32 columns, const nw_plane_filter *filter,                 \
                               const nw_i32 *record, nw_i32 positive, const nw_plane_results *r, NW_OUT *output) { \
    nw_plane_filter const f = *filter;                                                                             \
    NW_SCALE const scale = NW_SCALE_OF(record);                                                                    \
    NW_SUM const begin = NW_BEGIN(record);                                                                         \
    nw_i32 const step = r->step;                                                                                   \
    for (nw_i32 y = r->rows; y > 0; --y, plane += (stride)*columns, output += r->row) {                            \
      const nw_i16 *from = plane;                                                                                  \
      NW_OUT *to = output;                                                                                         \
      for (nw_i32 left = r->columns; left > 0; left -= 2, from += 2 * (stride)) {                                  \
        NW_SUM sum_a = begin, sum_b = begin;                                                                       \
        NW_ROW(from, stride, f.front[0], f.back[0], &sum_a, &sum_b);                                               \
        NW_ROW(from + columns, stride, f.front[1], f.back[1], &sum_a, &sum_b);                                     \
        NW_ROW(from + 2 * columns, stride, f.front[2], f.back[2], &sum_a, &sum_b);                                 \
        nw_i32 a = NW_SCALED(sum_a, scale), b = NW_SCALED(sum_b, scale);                                           \
        if (positive) {                                                                                            \
          a = NW_TO_POSITIVE(a);                                                                                   \
          b = NW_TO_POSITIVE(b);                                                                                   \
        } else {                                                                                                   \
          a = NW_TO_RANGE(a);                                                                                      \
          b = NW_TO_RANGE(b);                                                                                      \
        }                                                                                                          \
        *to = (NW_OUT)a;                                                                                           \
        if (left == 1) break;                                                                                      \
        to += step;                                                                                                \
        *to = (NW_OUT)b;                                                                                           \
        to += step;                                                                                                \
      }                                                                                                            \
    }                                                                                                              \
  }
NW_PLANE(NW_PLANE_BY_ONE, 1)
NW_PLANE(NW_PLANE_BY_TWO, 2)

/* The results of all rows but the last of an odd number of them, with strides of one, by two rows: four rows of the
 * plane serve both. */
static NW_NOINLINE void NW_PLANE_PAIRS(const nw_i16 *plane, nw_i32 columns, const nw_plane_filter *filter,
                                       const nw_i32 *record, nw_i32 positive, const nw_plane_results *r,
                                       NW_OUT *output) {
  nw_plane_filter const f = *filter;
  NW_SCALE const scale = NW_SCALE_OF(record);
  NW_SUM const begin = NW_BEGIN(record);
  nw_i32 const step = r->step, below = r->row;
  for (nw_i32 y = r->rows; y > 1; y -= 2, plane += 2 * columns, output += 2 * r->row) {
    const nw_i16 *from = plane;
    NW_OUT *to = output;
    for (nw_i32 left = r->columns; left > 0; left -= 2, from += 2) {
      const nw_i16 *row = from;
      NW_SUM sum_a = begin, sum_b = begin, sum_c = begin, sum_d = begin;
      NW_ROW(row, 1, f.front[0], f.back[0], &sum_a, &sum_b);
      row += columns;
      nw_u32 x0 = nw_two_halfwords(row), x2 = nw_two_halfwords(row + 2);
      NW_WORDS(x0, x2, f.front[0], f.back[0], &sum_c, &sum_d);
      NW_WORDS(x0, x2, f.front[1], f.back[1], &sum_a, &sum_b);
      row += columns;
      x0 = nw_two_halfwords(row);
      x2 = nw_two_halfwords(row + 2);
      NW_WORDS(x0, x2, f.front[1], f.back[1], &sum_c, &sum_d);
      NW_WORDS(x0, x2, f.front[2], f.back[2], &sum_a, &sum_b);
      NW_ROW(row + columns, 1, f.front[2], f.back[2], &sum_c, &sum_d);
      nw_i32 a = NW_SCALED(sum_a, scale), b = NW_SCALED(sum_b, scale);
      nw_i32 c = NW_SCALED(sum_c, scale), d = NW_SCALED(sum_d, scale);
      if (positive) {
        a = NW_TO_POSITIVE(a);
        b = NW_TO_POSITIVE(b);
        c = NW_TO_POSITIVE(c);
        d = NW_TO_POSITIVE(d);
      } else {
        a = NW_TO_RANGE(a);
        b = NW_TO_RANGE(b);
        c = NW_TO_RANGE(c);
        d = NW_TO_RANGE(d);
      }
      to[0] = (NW_OUT)a;
      to[below] = (NW_OUT)c;
      if (left == 1) break;
      to += step;
      to[0] = (NW_OUT)b;
      to[below] = (NW_OUT)d;
      to += step;
    }
  }
}

void NW_DEPTHWISE(const nw_packed_window_params *p, const NW_IN *input, const nw_i32 *weights, const nw_i32 *channels,
                  NW_OUT *output, void *scratch) {
  const nw_window *const w = &p->window;
  nw_i32 const turned = NW_DSP_PLANE_TURNED(*w), depth = w->output_c, stride = w->stride_w;
  nw_plane_results r, last;
  r.rows = turned ? w->output_w : w->output_h;
  r.columns = turned ? w->output_h : w->output_w;
  r.step = turned ? w->output_w * depth : depth;
  r.row = turned ? depth : w->output_w * depth;
  last = r;
  last.rows = 1;
  nw_i32 const columns = NW_DSP_PLANE_COLUMNS(r.columns, stride), rows = NW_DSP_PLANE_ROWS(r.rows, stride);
  nw_i32 const top = turned ? w->pad_left : w->pad_top, front = turned ? w->pad_top : w->pad_left;
  nw_i32 const all_height = turned ? w->input_w : w->input_h, all_width = turned ? w->input_h : w->input_w;
  nw_i32 const height = all_height < rows - top ? all_height : rows - top;
  nw_i32 const width = all_width < columns - front ? all_width : columns - front;
  nw_i32 const next = turned ? w->input_w * depth : depth, below = turned ? depth : w->input_w * depth;
  nw_i32 const positive = p->min >= 0;
  nw_i16 *const plane = (nw_i16 *)scratch;
  for (nw_i32 i = 0; i < rows * columns; ++i) plane[i] = (nw_i16)p->input_zero_point;
  for (nw_i32 c = 0; c < depth; ++c, channels += NW_RECORD, ++input, ++output) {
    nw_plane_filter const f = NW_FILTER(weights, c);
    const NW_IN *image = input;
    nw_i16 *inside = plane + top * columns + front;
    for (nw_i32 y = 0; y < height; ++y, inside += columns, image += below) {
      const NW_IN *at = image;
      nw_i32 x = 0;
      for (; x + 4 <= width; x += 4) {
        inside[x] = *at;
        at += next;
        inside[x + 1] = *at;
        at += next;
        inside[x + 2] = *at;
        at += next;
        inside[x + 3] = *at;
        at += next;
      }
      for (; x < width; ++x, at += next) inside[x] = *at;
    }
    if (stride == 2)
      NW_PLANE_BY_TWO(plane, columns, &f, channels, positive, &r, output);
    else
      NW_PLANE_PAIRS(plane, columns, &f, channels, positive, &r, output);
    if (stride == 1 && r.rows % 2 != 0)
      NW_PLANE_BY_ONE(plane + (r.rows - 1) * columns, columns, &f, channels, positive, &last,
                      output + (r.rows - 1) * r.row);
    NW_LIMIT(output, w->output_h * w->output_w, depth, p->min, p->max);
  }
}

#undef NW_PLANE
#undef NW_DEPTHWISE
#undef NW_PLANE_BY_ONE
#undef NW_PLANE_BY_TWO
#undef NW_PLANE_PAIRS
#undef NW_FILTER
#undef NW_SUM
#undef NW_BEGIN
#undef NW_ROW
#undef NW_WORDS
#undef NW_IN
#undef NW_OUT
#undef NW_RECORD
#undef NW_SCALE
#undef NW_SCALE_OF
#undef NW_SCALED
#undef NW_TO_RANGE
#undef NW_TO_POSITIVE
#undef NW_LIMIT
