// Changes of size: by narrow's ops for images where these choose the same elements, else axis by axis.
#include <algorithm>
#include <cmath>

#include "ops/indexing/indexing.h"
#include "ops/layers/layers.h"
#include "ops/windows/windows.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

constexpr double kLongestSide = 65535;

/// What becomes of one dimension.
struct ResizedDim {
  int32_t in = 1, out = 1;
  double scale = 1;
  double begin = 0, end = 1;  // the part that is taken, of a crop
  bool changes = false;
};

/// How places of the result lie in the data.
struct Sampling {
  std::string mode, coordinates, nearest;
  double cubic = -0.75;
  float outside = 0;  // the value there, of a crop
  bool antialias = false, exclude_outside = false;
};

/// The place in the data, counted in its elements, of element i of the result.
double original(const ResizedDim& d, const std::string& how, int i) {
  double const width = d.scale * d.in;
  if (how == "asymmetric") return i / d.scale;
  if (how == "align_corners") return width == 1 ? 0 : i * (d.in - 1) / (width - 1);
  if (how == "pytorch_half_pixel" && width == 1) return -0.5;
  if (how == "half_pixel_symmetric") return d.in / 2.0 * (1 - d.out / width) + (i + 0.5) / d.scale - 0.5;
  if (how == "tf_crop_and_resize")
    return d.out > 1 ? d.begin * (d.in - 1) + i * (d.end - d.begin) * (d.in - 1) / (d.out - 1)
                     : 0.5 * (d.begin + d.end) * (d.in - 1);
  return (i + 0.5) / d.scale - 0.5;
}

int nearest_of(double x, const std::string& how) {
  if (how == "floor") return static_cast<int>(std::floor(x));
  if (how == "ceil") return static_cast<int>(std::ceil(x));
  return static_cast<int>(how == "round_prefer_ceil" ? std::floor(x + 0.5) : std::ceil(x - 0.5));
}

/// What an element at a distance weighs.
double kernel_at(double distance, const Sampling& how) {
  double const x = std::abs(distance), a = how.cubic;
  if (how.mode == "linear") return std::max(1 - x, 0.0);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/// The weights of all elements of the data for element i of the result; outside of a crop there are none.
std::vector<float> weights_at(const ResizedDim& d, const Sampling& how, int i) {
  double const x = original(d, how.coordinates, i), stretch = how.antialias ? std::min(d.scale, 1.0) : 1;
  std::vector<double> weights(static_cast<size_t>(d.in), 0);
  if (how.coordinates == "tf_crop_and_resize" && (x < 0 || x > d.in - 1)) return std::vector<float>(weights.size(), 0);
  double const reach = (how.mode == "linear" ? 1 : 2) / stretch;
  double sum = 0;
  for (auto at = static_cast<int>(std::floor(x - reach)); at <= std::ceil(x + reach); ++at) {
    bool const inside = at >= 0 && at < d.in;
    if (!inside && how.exclude_outside) continue;
    double const w = kernel_at(stretch * (at - x), how);
    weights[static_cast<size_t>(std::clamp(at, 0, d.in - 1))] += w;
    sum += w;
  }
  std::vector<float> out;
  for (double w : weights) out.push_back(static_cast<float>(sum == 0 ? w : w / sum));
  return out;
}

/// One dimension of the value in its new size.
Result<Value> resized(Node& n, const Value& x, int axis, const ResizedDim& d, const Sampling& how) {
  std::string const name = n.name() + "/axis" + std::to_string(axis);
  if (how.mode == "nearest") {
    std::vector<int32_t> at;
    for (int i = 0; i < d.out; ++i)
      at.push_back(std::clamp(nearest_of(original(d, how.coordinates, i), how.nearest), 0, d.in - 1));
    Quantization const q = n.net.at(x).quantization;
    NARROW_TRY(int const out, n.net.add(kGather, GatherAttributes{place(x.order, axis), 0},
                                        {x.tensor, n.net.positions(Shape::of({d.out}), at)}, name, {}, q));
    return Value{out, x.order};
  }
  if (n.net.at(x).dtype != DType::float32)
    return not_here("Resize mode '" + how.mode + "' of integers by these numbers");
  if (int64_t{d.in} * d.out > (1 << 24)) return not_here("Resize mode '" + how.mode + "' of so large images");
  std::vector<float> weights, bias;
  for (int i = 0; i < d.out; ++i) {
    std::vector<float> const row = weights_at(d, how, i);
    bool const none = std::all_of(row.begin(), row.end(), [](float w) { return w == 0; });
    weights.insert(weights.end(), row.begin(), row.end());
    bias.push_back(none ? how.outside : 0);
  }
  Order order = x.order;
  std::erase(order, axis);
  order.push_back(axis);
  NARROW_TRY(int const rows, n.net.stored(x, order));
  std::vector<int> operands{rows, n.net.builder().constant({.shape = Shape::of({d.out, d.in})}, weights)};
  if (how.outside != 0) operands.push_back(n.net.builder().constant({.shape = Shape::of({d.out})}, bias));
  NARROW_TRY(int const out,
             n.net.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = order.size() != 2}, operands, name));
  return Value{out, order};
}

/// The dimensions of the data, those that `axes` names with sizes or scales of their own.
Result<std::vector<ResizedDim>> dims_of_resize(Node& n, size_t scales_at, size_t sizes_at) {
  Shape const shape = n.shape(0);
  std::vector<ResizedDim> out;
  for (int32_t d : shape.dims()) out.push_back({.in = d, .out = d});
  std::vector<int64_t> axes = n.integers("axes");
  if (!n.has_attribute("axes"))
    for (int d = 0; d < shape.rank(); ++d) axes.push_back(d);
  std::vector<float> scales = n.reals("scales");
  std::vector<int64_t> sizes;
  if (n.has(sizes_at)) {
    NARROW_TRY(sizes, n.known(sizes_at, "sizes"));
  } else if (n.has(scales_at)) {
    NARROW_TRY(scales, n.known_reals(scales_at, "scales"));
  }
  if ((sizes.empty() ? scales.size() : sizes.size()) != axes.size())
    return fail(ErrorKind::bad_file, "there are not as many sizes or scales as axes");
  std::string const policy = n.text("keep_aspect_ratio_policy", "stretch");
  double common = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    NARROW_TRY(int const d, n.axis(axes[i], shape.rank()));
    double const scale = static_cast<double>(sizes[i]) / shape[d];
    common = i == 0 ? scale : policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
  }
  for (size_t i = 0; i < axes.size(); ++i) {
    NARROW_TRY(int const at, n.axis(axes[i], shape.rank()));
    ResizedDim& d = out[static_cast<size_t>(at)];
    double size = 0;
    if (sizes.empty()) {
      d.scale = static_cast<double>(scales[i]);
      size = std::floor(d.in * d.scale);
    } else {
      d.scale = policy == "stretch" ? static_cast<double>(sizes[i]) / d.in : common;
      size = policy == "stretch" ? static_cast<double>(sizes[i]) : std::floor(d.in * d.scale + 0.5);
    }
    if (!(size >= 1 && size <= kLongestSide) || !(d.scale > 0))
      return fail(ErrorKind::bad_file, "an image with a side of " + std::to_string(size));
    d.out = static_cast<int32_t>(size);
    d.changes = d.out != d.in || d.scale != 1;
  }
  return out;
}

/// By narrow's op for images where it does the same; kNoTensor where none does.
Result<int> as_image_op(Node& n, const std::vector<ResizedDim>& dims, const Sampling& how) {
  if (dims.size() != 4 || dims[0].changes || dims[1].changes || how.antialias || how.exclude_outside) return kNoTensor;
  const ResizedDim &h = dims[2], &w = dims[3];
  bool const exact = h.scale * h.in == h.out && w.scale * w.in == w.out;
  bool const corners = how.coordinates == "align_corners";
  bool const half =
      how.coordinates == "half_pixel" || (how.coordinates == "pytorch_half_pixel" && h.out > 1 && w.out > 1);
  bool const whole = h.out % h.in == 0 && w.out % w.in == 0;
  // Among whole factors, rounding down at the corner and to the nearest at the center choose the same elements.
  bool const floors = how.coordinates == "asymmetric" && how.nearest == "floor";
  bool const nearest_half = half && whole && how.nearest.starts_with("round_prefer");
  bool const linear = how.mode == "linear" && (half || corners || how.coordinates == "asymmetric");
  if (!exact || !(linear || (how.mode == "nearest" && (floors || nearest_half)))) return kNoTensor;
  NARROW_TRY(int const image, n.net.last(n.in(0)));
  int const size = n.net.builder().indices({h.out, w.out});
  Quantization const q = n.net.at(image).quantization;
  if (linear)
    return n.net.add(kResizeBilinear, ResizeBilinearAttributes{corners, half}, {image, size}, n.name(), {}, q);
  return n.net.add(kResizeNearestNeighbor, ResizeNearestNeighborAttributes{false, false}, {image, size}, n.name(), {},
                   q);
}

Status resize(Node& n, size_t scales, size_t sizes, const Sampling& how, const std::vector<float>& crop) {
  NARROW_TRY(std::vector<ResizedDim> dims, dims_of_resize(n, scales, sizes));
  if (how.mode != "nearest" && how.mode != "linear" && how.mode != "cubic")
    return not_here("Resize mode '" + how.mode + "'");
  if (how.coordinates == "tf_crop_and_resize") {
    std::vector<int64_t> const axes = n.integers("axes");
    size_t const count = axes.empty() ? dims.size() : axes.size();
    if (crop.size() != 2 * count || how.mode == "nearest") return not_here("such a crop");
    for (size_t i = 0; i < count; ++i) {
      NARROW_TRY(int const at, n.axis(axes.empty() ? static_cast<int64_t>(i) : axes[i], n.shape(0).rank()));
      ResizedDim& d = dims[static_cast<size_t>(at)];
      d.begin = static_cast<double>(crop[i]);
      d.end = static_cast<double>(crop[i + count]);
      d.changes |= d.begin != 0 || d.end != 1;
    }
  }
  for (const ResizedDim& d : dims)
    if (how.coordinates == "align_corners" && d.scale * d.in != d.out)
      return not_here("align_corners with a scale that does not give a whole size");
  NARROW_TRY(int const image, as_image_op(n, dims, how));
  if (image != kNoTensor) return n.give({image, channels_last(4)});
  Value x = n.in(0);
  for (size_t d = 0; d < dims.size(); ++d)
    if (dims[d].changes) {
      NARROW_TRY(x, resized(n, x, static_cast<int>(d), dims[d], how));
    }
  return n.give(x);
}

Status read_resize(Node& n) {
  Sampling how{.mode = n.text("mode", "nearest"), .coordinates = "asymmetric", .nearest = "floor"};
  how.cubic = static_cast<double>(n.real("cubic_coeff_a", -0.75F));
  how.outside = n.real("extrapolation_value", 0);
  how.antialias = n.integer("antialias", 0) != 0;
  how.exclude_outside = n.integer("exclude_outside", 0) != 0;
  if (n.opset < 11) return resize(n, 1, kAnyInputs, how, {});
  how.coordinates = n.text("coordinate_transformation_mode", "half_pixel");
  how.nearest = n.text("nearest_mode", "round_prefer_floor");
  std::vector<float> crop;
  if (how.coordinates == "tf_crop_and_resize" && n.has(1)) {
    NARROW_TRY(crop, n.known_reals(1, "crops"));
  } else {
    how.outside = 0;
  }
  return resize(n, 2, 3, how, crop);
}

Status read_upsample(Node& n) {
  return resize(n, 1, kAnyInputs, {.mode = n.text("mode", "nearest"), .coordinates = "asymmetric", .nearest = "floor"},
                {});
}

constexpr OpRow kRowsResize[] = {
    {"Resize", read_resize, 1, 4},
    {"Upsample", read_upsample, 1, 2},
};

}  // namespace

std::span<const OpRow> resize_rows() {
  return kRowsResize;
}

}  // namespace narrow::onnx
