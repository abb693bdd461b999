#include "read/onnx/ops/window.h"

#include <algorithm>

#include "ops/layout/layout.h"

namespace narrow::onnx {
namespace {

constexpr int64_t kLongest = 1 << 24;

Result<int64_t> checked(int64_t v, int64_t least, const char* what) {
  if (v >= least && v <= kLongest) return v;
  return fail(ErrorKind::bad_file, std::string(what) + " of " + std::to_string(v));
}

/// The padding that makes the result as long as the data divided by the stride, rounded up.
void pad_same(WindowDim& d, bool upper) {
  d.out = (d.in + d.stride - 1) / d.stride;
  int64_t const total = std::max<int64_t>((d.out - 1) * d.stride + d.dilation * (d.kernel - 1) + 1 - d.in, 0);
  d.before = upper ? total / 2 : total - total / 2;
  d.after = total - d.before;
}

}  // namespace

Result<std::vector<WindowDim>> windows_of(Node& n, const Shape& data, const std::vector<int64_t>& kernel) {
  size_t const spatial = kernel.size();
  if (spatial < 1 || spatial > 3) return not_here("windows over " + std::to_string(spatial) + " dimensions");
  if (data.rank() != static_cast<int>(spatial) + 2)
    return fail(ErrorKind::bad_file,
                "data " + data.text() + " does not go with a window of " + std::to_string(spatial) + " dimensions");
  std::vector<int64_t> const stride = n.integers("strides", std::vector<int64_t>(spatial, 1));
  std::vector<int64_t> const dilation = n.integers("dilations", std::vector<int64_t>(spatial, 1));
  std::vector<int64_t> const pads = n.integers("pads", std::vector<int64_t>(2 * spatial, 0));
  std::string const automatic = n.text("auto_pad", "NOTSET");
  bool const up = n.integer("ceil_mode", 0) != 0;
  if (stride.size() != spatial || dilation.size() != spatial || pads.size() != 2 * spatial)
    return fail(ErrorKind::bad_file, "strides, dilations or pads are not one for each dimension");
  std::vector<WindowDim> out(spatial);
  for (size_t i = 0; i < spatial; ++i) {
    WindowDim& d = out[i];
    d.in = data[static_cast<int>(i) + 2];
    NARROW_TRY(d.kernel, checked(kernel[i], 1, "a kernel"));
    NARROW_TRY(d.stride, checked(stride[i], 1, "a stride"));
    NARROW_TRY(d.dilation, checked(dilation[i], 1, "a dilation"));
    if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
      pad_same(d, automatic == "SAME_UPPER");
      continue;
    }
    if (automatic == "NOTSET") {
      NARROW_TRY(d.before, checked(pads[i], 0, "a pad"));
      NARROW_TRY(d.after, checked(pads[i + spatial], 0, "a pad"));
    } else if (automatic != "VALID") {
      return not_here("auto_pad " + automatic);
    }
    int64_t const room = d.in + d.before + d.after - d.dilation * (d.kernel - 1) - 1;
    if (room < 0) return fail(ErrorKind::bad_file, "a window is longer than the padded data " + data.text());
    d.out = room / d.stride + 1;
    // A window that begins in the padding behind the data has nothing to look at.
    if (up && room % d.stride != 0 && d.out * d.stride < d.in + d.before) ++d.out;
  }
  return out;
}

Result<Window2d> window_of(Node& n, const Shape& data, const std::vector<int64_t>& kernel) {
  NARROW_TRY(std::vector<WindowDim> const dims, windows_of(n, data, kernel));
  if (dims.size() > 2) return not_here("windows over " + std::to_string(dims.size()) + " dimensions");
  Window2d out{};
  std::copy(dims.begin(), dims.end(), out.end() - static_cast<std::ptrdiff_t>(dims.size()));
  return out;
}

bool is_same(const Window2d& w) {
  return std::all_of(w.begin(), w.end(), [](const WindowDim& d) {
    WindowDim same = d;
    pad_same(same, true);
    return d.out == same.out && d.before == same.before;
  });
}
bool is_valid(const Window2d& w) {
  return std::all_of(w.begin(), w.end(), [](const WindowDim& d) { return d.before == 0 && d.whole_after() <= 0; });
}

Result<int> as_image(Node& n, const Value& data) {
  NARROW_TRY(int const last, n.net.last(data));
  Shape const s = n.net.at(last).shape;
  if (s.rank() == 4) return last;
  return n.net.reshaped(last, {s[0], 1, s[1], s[2]}, "");
}

Status give_image(Node& n, int image, int rank) {
  if (rank == 4) return n.give({image, channels_last(4)});
  Shape const s = n.net.at(image).shape;
  return n.give(n.net.reshaped(image, {s[0], s[2], s[3]}, n.name() + "/line"), channels_last(3));
}

Result<int> padded(Node& n, int image, const Window2d& w, int value) {
  std::vector<int32_t> around{0, 0};
  for (const WindowDim& d : w) {
    around.push_back(static_cast<int32_t>(d.before));
    around.push_back(static_cast<int32_t>(std::max<int64_t>(d.whole_after(), 0)));
  }
  around.insert(around.end(), {0, 0});
  int const by = n.net.builder().constant({.dtype = DType::int32, .shape = Shape::of({4, 2})}, around);
  Quantization const q = n.net.at(image).quantization;
  if (value == kNoTensor) return n.net.add(kPad, {}, {image, by}, n.name() + "/padded", {}, q);
  return n.net.add(kPadV2, {}, {image, by, value}, n.name() + "/padded", {}, q);
}

}  // namespace narrow::onnx
