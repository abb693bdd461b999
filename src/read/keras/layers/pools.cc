// Pools, padding, cropping and resizing.
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "ops/windows/windows.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// The layer's data with channels last.
Result<int> image_of(Layer& layer) {
  NARROW_TRY(int const x, layer.input_of_rank(layer.rule().spatial + 2));
  return layer.channels_first() ? layer.to_channels_last(x) : Result<int>(x);
}
/// A result with channels last as the layer gives it.
Result<int> as_given(Layer& layer, Result<int> y) {
  return y && layer.channels_first() ? layer.to_channels_first(*y) : y;
}

Result<int> build_pool(Layer& layer) {
  int const spatial = layer.rule().spatial;
  NARROW_TRY(int x, image_of(layer));
  NARROW_TRY(std::vector<int> const size, layer.per_dimension("pool_size", 2));
  std::vector<int> strides = size;
  if (layer.setting("strides")) {
    NARROW_TRY(strides, layer.per_dimension("strides", 1));
  }
  NARROW_TRY(std::string const padding, layer.text("padding", "valid"));
  if (padding != "same" && padding != "valid") return layer.refused("padding");
  if (spatial == 1) {
    NARROW_TRY(x, layer.widened(x));
  }
  NARROW_TRY(int const y, layer.add(*find_op(layer.rule().op),
                                    Pool2dAttributes{.padding = padding == "same" ? Padding::same : Padding::valid,
                                                     .stride_h = spatial == 1 ? 1 : strides[0],
                                                     .stride_w = strides.back(),
                                                     .filter_h = spatial == 1 ? 1 : size[0],
                                                     .filter_w = size.back()},
                                    {x}));
  return as_given(layer, spatial == 1 ? layer.narrowed(y) : Result<int>(y));
}

Result<int> build_global_pool(Layer& layer) {
  NARROW_TRY(int const x, image_of(layer));
  NARROW_TRY(bool const keep, layer.flag("keepdims", false));
  int const axes =
      layer.indices("axes", layer.rule().spatial == 1 ? std::vector<int32_t>{1} : std::vector<int32_t>{1, 2});
  auto const y = layer.add(*find_op(layer.rule().op), ReduceAttributes{keep}, {x, axes});
  return keep ? as_given(layer, y) : y;
}

Result<int> build_zero_padding(Layer& layer) {
  int const rank = layer.rule().spatial + 2;
  NARROW_TRY(int const x, image_of(layer));
  NARROW_TRY(auto const pads, layer.around("padding", 1));
  std::vector<int32_t> values{0, 0};
  for (const auto& [before, after] : pads) values.insert(values.end(), {before, after});
  values.insert(values.end(), {0, 0});
  return as_given(layer, layer.add(kPad, {}, {x, layer.indices("pads", Shape::of({rank, 2}), values)}));
}

Result<int> build_cropping(Layer& layer) {
  int const rank = layer.rule().spatial + 2;
  NARROW_TRY(int const x, image_of(layer));
  NARROW_TRY(auto const cut, layer.around("cropping", 1));
  auto const count = static_cast<size_t>(rank);
  std::vector<int32_t> begin(count, 0), end(count, 0);
  std::vector<int32_t> const steps(count, 1);
  int open = 0;  // ends that are those of the data
  for (int d = 0; d < rank; ++d) {
    bool const spatial = d > 0 && d < rank - 1;
    auto const at = static_cast<size_t>(d);
    if (spatial) begin[at] = cut[at - 1].first;
    if (spatial && cut[at - 1].second > 0) {
      end[at] = -cut[at - 1].second;
    } else {
      open |= 1 << d;
    }
    if (spatial && int64_t{cut[at - 1].first} + cut[at - 1].second >= layer.shape(x)[d])
      return fail(ErrorKind::bad_file, "it cuts off all of its data");
  }
  return as_given(
      layer, layer.add(kStridedSlice, StridedSliceAttributes{.begin_mask = 1 | 1 << (rank - 1), .end_mask = open},
                       {x, layer.indices("begin", begin), layer.indices("end", end), layer.indices("steps", steps)}));
}

Result<int> build_up_sampling(Layer& layer) {
  int const spatial = layer.rule().spatial;
  NARROW_TRY(int x, image_of(layer));
  NARROW_TRY(std::vector<int> const factors, layer.per_dimension("size", 2));
  NARROW_TRY(std::string const how, layer.text("interpolation", "nearest"));
  if (how != "nearest" && how != "bilinear") return layer.refused("interpolation");
  if (layer.is_free_inside(x))
    return fail(ErrorKind::unsupported, "the size of its data is free", "", "`shape` gives it a size");
  if (spatial == 1) {
    NARROW_TRY(x, layer.widened(x));
  }
  int64_t const h = int64_t{layer.shape(x)[1]} * (spatial == 1 ? 1 : factors[0]);
  int64_t const w = int64_t{layer.shape(x)[2]} * factors.back();
  if (h > 1 << 30 || w > 1 << 30) return fail(ErrorKind::limit_exceeded, "its result is too large");
  int const size = layer.indices("size", {static_cast<int32_t>(h), static_cast<int32_t>(w)});
  NARROW_TRY(
      int const y,
      how == "bilinear"
          ? layer.add(kResizeBilinear, ResizeBilinearAttributes{.half_pixel_centers = true}, {x, size})
          : layer.add(kResizeNearestNeighbor, ResizeNearestNeighborAttributes{.half_pixel_centers = true}, {x, size}));
  return as_given(layer, spatial == 1 ? layer.narrowed(y) : Result<int>(y));
}

constexpr LayerRule kPoolLayers[] = {
    {"AveragePooling1D", build_pool, "AVERAGE_POOL_2D", 1},
    {"AveragePooling2D", build_pool, "AVERAGE_POOL_2D", 2},
    {"GlobalAveragePooling1D", build_global_pool, "MEAN", 1},
    {"GlobalAveragePooling2D", build_global_pool, "MEAN", 2},
    {"GlobalMaxPooling1D", build_global_pool, "REDUCE_MAX", 1},
    {"GlobalMaxPooling2D", build_global_pool, "REDUCE_MAX", 2},
    {"MaxPooling1D", build_pool, "MAX_POOL_2D", 1},
    {"MaxPooling2D", build_pool, "MAX_POOL_2D", 2},
};

constexpr LayerRule kSizeLayers[] = {
    {"Cropping1D", build_cropping, nullptr, 1},        {"Cropping2D", build_cropping, nullptr, 2},
    {"UpSampling1D", build_up_sampling, nullptr, 1},   {"UpSampling2D", build_up_sampling, nullptr, 2},
    {"ZeroPadding1D", build_zero_padding, nullptr, 1}, {"ZeroPadding2D", build_zero_padding, nullptr, 2},
};

}  // namespace

std::span<const LayerRule> pool_layers() {
  return kPoolLayers;
}
std::span<const LayerRule> size_layers() {
  return kSizeLayers;
}

}  // namespace narrow::keras
