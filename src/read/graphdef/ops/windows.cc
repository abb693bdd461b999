// Pools and resizing.
#include "ops/windows/windows.h"

#include "read/graphdef/ops/folded.h"
#include "read/graphdef/ops/window_attributes.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_pool(Node& node) {
  std::string const padding = node.text("padding", "");
  if (padding != "SAME" && padding != "VALID")
    return fail(ErrorKind::unsupported, "a pool with the padding '" + padding + "'");
  NARROW_TRY(int x, node.tensor(0));
  NARROW_TRY(PerSide const filter, per_side(node, "ksize"));
  NARROW_TRY(PerSide const strides, per_side(node, "strides"));
  if (node.channels_first()) {
    NARROW_TRY(x, node.to_channels_last(x));
  }
  NARROW_TRY(int const y, node.add(*find_op(node.rule().op),
                                   Pool2dAttributes{.padding = padding == "SAME" ? Padding::same : Padding::valid,
                                                    .stride_h = strides.h,
                                                    .stride_w = strides.w,
                                                    .filter_h = filter.h,
                                                    .filter_w = filter.w},
                                   {x}));
  return one(node.channels_first() ? node.to_channels_first(y) : Result<int>(y));
}

Result<std::vector<Value>> read_resize_bilinear(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const size, index_tensor(node, 1));
  return one(node.add(
      kResizeBilinear,
      ResizeBilinearAttributes{node.flag("align_corners", false), node.flag("half_pixel_centers", false)}, {x, size}));
}

Result<std::vector<Value>> read_resize_nearest(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const size, index_tensor(node, 1));
  return one(node.add(
      kResizeNearestNeighbor,
      ResizeNearestNeighborAttributes{node.flag("align_corners", false), node.flag("half_pixel_centers", false)},
      {x, size}));
}

constexpr NodeRule kWindowsRules[] = {
    {"AvgPool", read_pool, "AVERAGE_POOL_2D"},
    {"MaxPool", read_pool, "MAX_POOL_2D"},
    {"ResizeBilinear", read_resize_bilinear},
    {"ResizeNearestNeighbor", read_resize_nearest},
};

}  // namespace

std::span<const NodeRule> window_rules() {
  return kWindowsRules;
}

}  // namespace narrow::graphdef
