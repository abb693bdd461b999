/* Which of a filter's taps lie inside of the image. */
#ifndef NARROW_HELIUM_TAPS_H
#define NARROW_HELIUM_TAPS_H

#include "portable/window.h"

/* The columns of a row of taps that lie inside of the image: [begin, end) of filter_w, at `from`. */
typedef struct {
  nw_i32 begin, end;
  const nw_i8 *from;
} nw_tap_row;

/* Of the row of taps at row y of the image, whose first tap is at column x; dilations are 1. */
static NW_INLINE nw_tap_row nw_taps_of_row(const nw_window *w, const nw_i8 *input, nw_i32 y, nw_i32 x) {
  nw_tap_row row = {0, 0, input};
  if (y < 0 || y >= w->input_h) return row;
  row.begin = x < 0 ? -x : 0;
  row.end = w->input_w - x < w->filter_w ? w->input_w - x : w->filter_w;
  if (row.end <= row.begin) {
    row.begin = row.end = 0;
    return row;
  }
  row.from = input + (y * w->input_w + x + row.begin) * w->input_c;
  return row;
}

#endif
