// Pools and changes of size.
#include "ops/windows/windows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/window.h"

namespace narrow::onnx {
namespace {

Result<int> pool(Node& n, const OpDef& def, int image, const Window2d& w, Padding padding) {
  Pool2dAttributes a;
  a.padding = padding;
  a.stride_h = static_cast<int>(w[0].stride);
  a.stride_w = static_cast<int>(w[1].stride);
  a.filter_h = static_cast<int>(w[0].kernel);
  a.filter_w = static_cast<int>(w[1].kernel);
  Quantization const q = n.net.at(image).quantization;
  return n.net.add(def, a, {image}, n.name(), {}, q);
}

bool is_dilated(const Window2d& w) {
  return w[0].dilation != 1 || w[1].dilation != 1;
}

/// The least number of the data's type, with its scale.
Result<int> lowest_number(Node& n, const Tensor& data) {
  GraphBuilder& b = n.net.builder();
  switch (data.dtype) {
    case DType::float32:
      return n.net.scalar(std::numeric_limits<float>::lowest());
    case DType::int8:
      return b.constant({.dtype = DType::int8, .shape = {}, .quantization = data.quantization},
                        std::vector<int8_t>{-128});
    case DType::uint8:
      return b.constant({.dtype = DType::uint8, .shape = {}, .quantization = data.quantization},
                        std::vector<uint8_t>{0});
    default:
      return not_here(std::string("padding of ") + to_string(data.dtype) + " that is not SAME");
  }
}

/// Padding of pools takes no part in the result: SAME windows, or lowest values around the data.
Status read_max_pool(Node& n) {
  Shape const shape = n.shape(0);
  n.ignore("storage_order");
  if (n.wants(1)) return not_here("the positions that MaxPool finds");
  NARROW_TRY(Window2d const w, window_of(n, shape, n.integers("kernel_shape")));
  if (is_dilated(w)) return not_here("a dilated pool");
  NARROW_TRY(int image, as_image(n, n.in(0)));
  bool const same = is_same(w) && !is_valid(w);
  if (!same && !is_valid(w)) {
    NARROW_TRY(int const lowest, lowest_number(n, n.net.at(image)));
    NARROW_TRY(image, padded(n, image, w, lowest));
  }
  NARROW_TRY(int const out, pool(n, kMaxPool2d, image, w, same ? Padding::same : Padding::valid));
  return give_image(n, out, shape.rank());
}

/// How much larger the mean of each window is if only the elements that count are counted: [1, height, width, 1].
std::vector<float> corrections(const Window2d& w, bool with_padding) {
  std::array<std::vector<float>, 2> counts;
  for (size_t d = 0; d < 2; ++d)
    for (int64_t i = 0; i < w[d].out; ++i) {
      int64_t const low = with_padding ? -w[d].before : 0, high = with_padding ? w[d].in + w[d].after : w[d].in;
      int64_t const begin = i * w[d].stride - w[d].before;
      counts[d].push_back(
          static_cast<float>(std::max<int64_t>(std::min(begin + w[d].kernel, high) - std::max(begin, low), 1)));
    }
  std::vector<float> out;
  for (float h : counts[0])
    for (float v : counts[1]) out.push_back(static_cast<float>(w[0].kernel * w[1].kernel) / (h * v));
  return out;
}

Status read_average_pool(Node& n) {
  Shape const shape = n.shape(0);
  bool const with_padding = n.integer("count_include_pad", 0) != 0;
  NARROW_TRY(Window2d const w, window_of(n, shape, n.integers("kernel_shape")));
  if (is_dilated(w)) return not_here("a dilated pool");
  NARROW_TRY(int image, as_image(n, n.in(0)));
  bool const no_padding = w[0].before + w[0].after + w[1].before + w[1].after == 0;
  if (is_valid(w) || (is_same(w) && (!with_padding || no_padding))) {
    NARROW_TRY(int const out, pool(n, kAveragePool2d, image, w, is_valid(w) ? Padding::valid : Padding::same));
    return give_image(n, out, shape.rank());
  }
  if (n.tensor(0).dtype != DType::float32) return not_here("padding of integers that is not SAME");
  NARROW_TRY(image, padded(n, image, w));
  NARROW_TRY(int out, pool(n, kAveragePool2d, image, w, Padding::valid));
  std::vector<float> const by = corrections(w, with_padding);
  if (std::any_of(by.begin(), by.end(), [](float f) { return f != 1.0F; })) {
    int const factor = n.net.builder().constant(
        {.shape = Shape::of({1, static_cast<int32_t>(w[0].out), static_cast<int32_t>(w[1].out), 1})}, by);
    NARROW_TRY(out, n.net.add(kMul, MulAttributes{}, {out, factor}, n.name()));
  }
  return give_image(n, out, shape.rank());
}

template <const OpDef& kReduce>
Status read_global_pool(Node& n) {
  int const rank = n.shape(0).rank();
  if (rank < 3) return fail(ErrorKind::bad_file, "data " + n.shape(0).text() + " is no image");
  NARROW_TRY(int const image, n.net.last(n.in(0)));
  std::vector<int32_t> axes;
  for (int d = 1; d < rank - 1; ++d) axes.push_back(d);
  int const along = n.net.builder().indices(axes);
  Quantization const q = n.net.at(image).quantization;
  return n.give(n.net.add(kReduce, ReduceAttributes{true}, {image, along}, n.name(), {}, q), channels_last(rank));
}

/// The new height and width, from sizes or from scales.
Result<std::array<int32_t, 2>> new_size(Node& n, const Shape& shape, size_t scales, size_t sizes) {
  std::vector<int64_t> to;
  if (n.has(sizes)) {
    NARROW_TRY(to, n.known(sizes, "sizes"));
  } else {
    std::vector<float> by = n.reals("scales");
    if (n.has(scales)) {
      NARROW_TRY(by, n.known_reals(scales, "scales"));
    }
    for (size_t d = 0; d < by.size() && d < 4; ++d)
      to.push_back(by[d] > 0 && by[d] < 65536
                       ? static_cast<int64_t>(std::floor(static_cast<float>(shape[static_cast<int>(d)]) * by[d]))
                       : 0);
    // Positions follow the scales in the file, and the sizes here.
    for (size_t d = 2; d < by.size() && d < 4; ++d)
      if (static_cast<float>(to[d]) != static_cast<float>(shape[static_cast<int>(d)]) * by[d])
        return not_here("a scale that does not give a whole size");
  }
  if (to.size() != 4 || to[0] != shape[0] || to[1] != shape[1])
    return not_here("a change of size of other dimensions than height and width");
  if (to[2] < 1 || to[3] < 1 || to[2] > 65535 || to[3] > 65535)
    return fail(ErrorKind::bad_file, "an image of " + std::to_string(to[2]) + " x " + std::to_string(to[3]));
  return std::array{static_cast<int32_t>(to[2]), static_cast<int32_t>(to[3])};
}

Status resize(Node& n, size_t scales, size_t sizes, const std::string& how, const std::string& nearest) {
  Shape const shape = n.shape(0);
  if (shape.rank() != 4) return not_here("a change of size of data " + shape.text());
  NARROW_TRY(auto const to, new_size(n, shape, scales, sizes));
  std::string const mode = n.text("mode", "nearest");
  NARROW_TRY(int const image, n.net.last(n.in(0)));
  int const size = n.net.builder().indices({to[0], to[1]});
  bool const whole = to[0] % shape[2] == 0 && to[1] % shape[3] == 0;
  bool const corners = how == "align_corners",
             half = how == "half_pixel" || (how == "pytorch_half_pixel" && to[0] > 1 && to[1] > 1);
  Quantization const q = n.net.at(image).quantization;
  if (mode == "linear" && (half || corners || how == "asymmetric"))
    return n.give(n.net.add(kResizeBilinear, ResizeBilinearAttributes{corners, half}, {image, size}, n.name(), {}, q),
                  channels_last(4));
  if (mode != "nearest") return not_here("Resize mode '" + mode + "' with coordinates '" + how + "'");
  // Among whole factors, rounding down at the corner and to the nearest at the center choose the same elements.
  bool const floors = how == "asymmetric" && nearest == "floor";
  bool const nearest_half = half && whole && (nearest == "round_prefer_floor" || nearest == "round_prefer_ceil");
  if (!floors && !nearest_half)
    return not_here("Resize to the nearest element by '" + nearest + "' with coordinates '" + how + "'");
  return n.give(
      n.net.add(kResizeNearestNeighbor, ResizeNearestNeighborAttributes{false, false}, {image, size}, n.name(), {}, q),
      channels_last(4));
}

Status read_resize(Node& n) {
  n.ignore("cubic_coeff_a");
  n.ignore("extrapolation_value");
  if (n.integer("antialias", 0) != 0 || n.integer("exclude_outside", 0) != 0)
    return not_here("antialias or exclude_outside");
  if (n.has_attribute("axes")) return not_here("axes of Resize");
  if (n.text("keep_aspect_ratio_policy", "stretch") != "stretch") return not_here("a kept aspect ratio");
  if (n.opset < 11) return resize(n, 1, kAnyInputs, "asymmetric", "floor");
  return resize(n, 2, 3, n.text("coordinate_transformation_mode", "half_pixel"),
                n.text("nearest_mode", "round_prefer_floor"));
}

Status read_upsample(Node& n) {
  return resize(n, 1, kAnyInputs, "asymmetric", "floor");
}

template <const OpDef& kOp>
Status read_blocks(Node& n) {
  if (n.text("mode", "DCR") != "DCR") return not_here("the order of channels CRD");
  if (n.shape(0).rank() != 4) return fail(ErrorKind::bad_file, "data " + n.shape(0).text() + " is no image");
  int64_t const size = n.integer("blocksize", 1);
  if (size < 1 || size > 65536) return fail(ErrorKind::bad_file, "blocks of " + std::to_string(size));
  NARROW_TRY(int const image, n.net.last(n.in(0)));
  Quantization const q = n.net.at(image).quantization;
  return n.give(n.net.add(kOp, BlockAttributes{static_cast<int>(size)}, {image}, n.name(), {}, q), channels_last(4));
}

constexpr OpRow kRowsWindow[] = {
    {"AveragePool", read_average_pool},
    {"DepthToSpace", read_blocks<kDepthToSpace>},
    {"GlobalAveragePool", read_global_pool<kMean>},
    {"GlobalMaxPool", read_global_pool<kReduceMax>},
    {"MaxPool", read_max_pool},
    {"Resize", read_resize, 1, 4},
    {"SpaceToDepth", read_blocks<kSpaceToDepth>},
    {"Upsample", read_upsample, 1, 2},
};

}  // namespace

std::span<const OpRow> window_rows() {
  return kRowsWindow;
}

}  // namespace narrow::onnx
