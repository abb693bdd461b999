// The modelled work of layers, whatever kernel computes them. As `narrow inspect` counts them: products with padding
// are counted too.
#pragma once

#include <cstdint>

#include "portable/window.h"
#include "rows/kernel.h"

namespace narrow {

/// Results of a window over one image or several.
inline int64_t results_of(const nw_window& w) {
  return int64_t{w.batches} * w.output_h * w.output_w * w.output_c;
}

/// Each result is a sum over the filter's taps and `filter_c` channels.
inline KernelCost conv2d_cost(const nw_window& w, int64_t filter_c) {
  return {.macs = results_of(w) * w.filter_h * w.filter_w * filter_c, .elements = results_of(w)};
}

/// Each result is a sum over the filter's taps in one channel.
inline KernelCost depthwise_cost(const nw_window& w) {
  return {.macs = results_of(w) * w.filter_h * w.filter_w, .elements = results_of(w), .scattered = true};
}

inline KernelCost dense_cost(int64_t rows, int64_t input_c, int64_t output_c) {
  return {.macs = rows * output_c * input_c, .elements = rows * output_c};
}

}  // namespace narrow
