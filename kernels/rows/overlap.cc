#include "rows/overlap.h"

#include <algorithm>
#include <limits>

namespace narrow {
namespace {

/// The first and the last place of an input dimension that the window of output place `at` may read.
struct Reach {
  int64_t first, last;
};
Reach reach(int64_t at, int64_t stride, int64_t pad, int64_t filter, int64_t dilation, int64_t size) {
  int64_t const origin = at * stride - pad;
  return {std::clamp<int64_t>(origin, 0, size - 1), std::clamp<int64_t>(origin + (filter - 1) * dilation, 0, size - 1)};
}

}  // namespace

int64_t window_lead(const nw_window& w, bool backwards) {
  int64_t const rows = int64_t{w.batches} * w.output_h, pixels = rows * w.output_w;
  int64_t lead = std::numeric_limits<int64_t>::min();
  int64_t needed = backwards ? 0 : int64_t{w.batches} * w.input_h * w.input_w * w.input_c;
  // From the pixel that is computed last to the first, `needed` being what it and those after it read.
  for (int64_t i = 0; i < pixels; ++i) {
    int64_t const pixel = backwards ? i : pixels - 1 - i;
    int64_t const row = pixel / w.output_w;
    Reach const y = reach(row % w.output_h, w.stride_h, w.pad_top, w.filter_h, w.dilation_h, w.input_h);
    Reach const x = reach(pixel % w.output_w, w.stride_w, w.pad_left, w.filter_w, w.dilation_w, w.input_w);
    int64_t const image = row / w.output_h * w.input_h;
    if (backwards) {
      needed = std::max(needed, ((image + y.last) * w.input_w + x.last + 1) * w.input_c);
      lead = std::max(lead, needed - pixel * w.output_c);
    } else {
      needed = std::min(needed, ((image + y.first) * w.input_w + x.first) * w.input_c);
      lead = std::max(lead, (pixel + 1) * w.output_c - needed);
    }
  }
  return lead;
}

bool window_rows(nw_window& w, RowRange wanted, RowRange& read) {
  if (w.batches != 1) return false;
  Reach const first = reach(wanted.first, w.stride_h, w.pad_top, w.filter_h, w.dilation_h, w.input_h);
  Reach const last = reach(wanted.end - 1, w.stride_h, w.pad_top, w.filter_h, w.dilation_h, w.input_h);
  read = {static_cast<int32_t>(first.first), static_cast<int32_t>(last.last + 1)};
  // Padding stays what lies outside of the rows that are read: they end where the image does, or behind the last tap.
  w.pad_top = w.pad_top - wanted.first * w.stride_h + read.first;
  w.input_h = read.end - read.first;
  w.output_h = wanted.end - wanted.first;
  return true;
}

int64_t rows_lead(int64_t rows, int64_t in, int64_t out) {
  return std::max(out, rows * out - (rows - 1) * in);
}

}  // namespace narrow
