// Layers that only move elements.
#include <algorithm>

#include "ops/layout/layout.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

Result<int> build_flatten(Layer& layer) {
  NARROW_TRY(int x, layer.input());
  if (layer.channels_first() && layer.shape(x).rank() > 2) {
    NARROW_TRY(x, layer.to_channels_last(x));
  }
  return layer.reshaped(x, {-1});
}

Result<int> build_reshape(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(std::vector<int> const target, layer.integers("target_shape"));
  if (std::count(target.begin(), target.end(), -1) > 1 ||
      std::any_of(target.begin(), target.end(), [](int d) { return d < -1 || d == 0; }))
    return fail(ErrorKind::bad_file, "the setting 'target_shape' is no shape");
  return layer.reshaped(x, {target.begin(), target.end()});
}

Result<int> build_permute(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(std::vector<int> const dims, layer.integers("dims"));
  std::vector<int32_t> order{0};
  order.insert(order.end(), dims.begin(), dims.end());
  std::vector<int32_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != static_cast<int32_t>(i) || order.size() != static_cast<size_t>(layer.shape(x).rank()))
      return fail(ErrorKind::bad_file, "the setting 'dims' does not name each dimension of its data once");
  return layer.transposed(x, order);
}

Result<int> build_repeat(Layer& layer) {
  NARROW_TRY(int const x, layer.input_of_rank(2));
  NARROW_TRY(int const n, layer.integer("n", -1));
  if (n < 1) return fail(ErrorKind::bad_file, "it repeats its data " + std::to_string(n) + " times");
  NARROW_TRY(int const wide, layer.widened(x));
  return layer.add(kTile, {}, {wide, layer.indices("multiples", {1, n, 1})});
}

constexpr LayerRule kShapeLayers[] = {
    {"Flatten", build_flatten},
    {"Permute", build_permute},
    {"RepeatVector", build_repeat},
    {"Reshape", build_reshape},
};

}  // namespace

std::span<const LayerRule> shape_layers() {
  return kShapeLayers;
}

}  // namespace narrow::keras
