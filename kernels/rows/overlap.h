// How far a result has to lie from an argument that it may overwrite while it is computed.
#pragma once

#include <cstdint>

#include "portable/window.h"
#include "rows/kernel.h"

namespace narrow {

/// Overlap::lead of a kernel that computes an image pixel by pixel from windows of another. While a pixel is computed,
/// the window that it reads must be whole; afterwards the windows of the pixels that follow.
int64_t window_lead(const nw_window& window, bool backwards);

/// Overlap::lead of a kernel that computes rows of `out` elements one by one, each from a row of `in` elements, which
/// must be whole until its result is. Forwards only.
int64_t rows_lead(int64_t rows, int64_t in, int64_t out);

/// TakeRows of windows over one image, which are its only geometry.
bool window_rows(nw_window& window, RowRange wanted, RowRange& read);

}  // namespace narrow
