// The windows of convolutions and pools as ONNX states them.
#pragma once

#include <array>
#include <vector>

#include "read/onnx/node.h"

namespace narrow::onnx {

/// A window that slides over one dimension.
struct WindowDim {
  int64_t kernel = 1, stride = 1, dilation = 1;
  int64_t before = 0, after = 0;  // elements of padding
  int64_t in = 1, out = 1;        // lengths of the data and of the result

  /// What padding is needed for a whole number of windows, negative where elements at the end are not used.
  int64_t whole_after() const { return (out - 1) * stride + dilation * (kernel - 1) + 1 - in - before; }
};

/// Windows over 1 to 3 dimensions, from the attributes of the node and the data's shape in the order of the file;
/// `kernel` holds the kernel's lengths.
Result<std::vector<WindowDim>> windows_of(Node& n, const Shape& data, const std::vector<int64_t>& kernel);

/// Height and width: a window over one dimension has height 1. unsupported for three dimensions and more.
using Window2d = std::array<WindowDim, 2>;

/// The same of such windows.
Result<Window2d> window_of(Node& n, const Shape& data, const std::vector<int64_t>& kernel);

/// The data with channels last, and with a height of 1 where it has none; `rank` is that of the file.
Result<int> as_image(Node& n, const Value& data);

/// An image as the file's tensor of that rank: the height of 1 taken away again for rank 3.
Status give_image(Node& n, int image, int rank);

/// Whether the windows are those of SAME padding, or of VALID, which cut off what is not used.
bool is_same(const Window2d& w);
bool is_valid(const Window2d& w);

/// The image with padding of zeros, or of a constant number, as a PAD before it, so that VALID windows fit.
Result<int> padded(Node& n, int image, const Window2d& w, int value = kNoTensor);

}  // namespace narrow::onnx
