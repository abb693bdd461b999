// Normalization by what training left, or by each sample's own mean.
#include <cmath>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/batch_norm.h"
#include "ops/build/free_signature.h"
#include "ops/reductions/reductions.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

Result<int> build_batch_norm(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(std::vector<int> const axes, layer.integers("axis"));
  NARROW_TRY(bool const scale, layer.flag("scale", true));
  NARROW_TRY(bool const center, layer.flag("center", true));
  NARROW_TRY(float const epsilon, layer.real("epsilon", 1e-3f));
  int const rank = layer.shape(x).rank();
  NARROW_TRY(Axis const axis, Axis::resolve(axes.empty() ? -1 : axes[0], rank));
  if (axes.size() > 1 || axis.index() != rank - 1) return layer.refused("axis");
  size_t const first = (scale ? 1 : 0) + (center ? 1 : 0);
  NARROW_CHECK(layer.has_weights(first + 2));
  std::vector<std::span<const float>> lists;
  for (size_t i = 0; i < first + 2; ++i) {
    NARROW_TRY(const KerasArray* const list, layer.weight(i, {layer.shape(x).back()}));
    lists.emplace_back(list->values);
  }
  GraphBuilder& builder = layer.builder();
  size_t const first_op = builder.graph().ops.size();
  BatchNorm norm{.mean = lists[first], .variance = lists[first + 1], .epsilon = epsilon};
  if (scale) norm.gamma = lists[0];
  if (center) norm.beta = lists[scale ? 1 : 0];
  NARROW_TRY(int const y, add_batch_norm(builder, x, norm, layer.name()));
  mark_free_dimensions(builder.graph(), first_op);
  return y;
}

Result<int> build_layer_norm(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_CHECK(layer.refuse_if_set("rms_scaling"));
  NARROW_TRY(std::vector<int> listed, layer.integers("axis"));
  NARROW_TRY(bool const scale, layer.flag("scale", true));
  NARROW_TRY(bool const center, layer.flag("center", true));
  NARROW_TRY(float const epsilon, layer.real("epsilon", 1e-3f));
  if (listed.empty()) listed.push_back(-1);
  std::vector<int32_t> axes, dims, broadcast(static_cast<size_t>(layer.shape(x).rank()), 1);
  for (int const a : listed) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, layer.shape(x).rank()));
    axes.push_back(axis.index());
    dims.push_back(layer.shape(x)[axis.index()]);
    broadcast[static_cast<size_t>(axis.index())] = dims.back();
  }
  if (!std::is_sorted(axes.begin(), axes.end())) return layer.refused("axis");
  // Along the last dimension alone a list will do.
  NARROW_TRY(Shape const shape,
             Shape::make(axes == std::vector<int32_t>{layer.shape(x).rank() - 1} ? dims : broadcast));
  NARROW_CHECK(layer.has_weights((scale ? 1 : 0) + (center ? 1 : 0)));
  int const over = layer.indices("axes", axes);
  NARROW_TRY(int const mean, layer.add(kMean, ReduceAttributes{true}, {x, over}));
  NARROW_TRY(int const squares, layer.add(kSquaredDifference, {}, {x, mean}));
  NARROW_TRY(int const variance, layer.add(kMean, ReduceAttributes{true}, {squares, over}));
  NARROW_TRY(int const sum, layer.add(kAdd, AddAttributes{}, {variance, layer.scalar("epsilon", epsilon)}));
  NARROW_TRY(int const factor, layer.add(kRsqrt, {}, {sum}));
  NARROW_TRY(int const centered, layer.add(kSub, SubAttributes{}, {x, mean}));
  NARROW_TRY(int y, layer.add(kMul, MulAttributes{}, {centered, factor}));
  if (scale) {
    NARROW_TRY(const KerasArray* const gamma, layer.weight(0, dims));
    NARROW_TRY(y, layer.add(kMul, MulAttributes{}, {y, layer.place(*gamma, {}, shape)}));
  }
  if (center) {
    NARROW_TRY(const KerasArray* const beta, layer.weight(scale ? 1 : 0, dims));
    NARROW_TRY(y, layer.add(kAdd, AddAttributes{}, {y, layer.place(*beta, {}, shape)}));
  }
  return y;
}

/// A number, or a list of one for each channel, as a constant.
Result<int> per_channel(Layer& layer, const char* name, float otherwise) {
  const auto* const s = layer.setting(name);
  if (!s || !s->is_array()) {
    NARROW_TRY(float const v, layer.real(name, otherwise));
    return layer.scalar(name, v);
  }
  std::vector<float> values;
  for (const auto& v : *s) {
    if (!v.is_number() || !std::isfinite(v.get<float>()))
      return fail(ErrorKind::bad_file, "the setting '" + std::string(name) + "' is no list of numbers");
    values.push_back(v.get<float>());
  }
  NARROW_TRY(Shape const shape, Shape::make(std::vector<int32_t>{static_cast<int32_t>(values.size())}));
  return layer.constant(name, shape, values);
}

Result<int> build_rescaling(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(int const scale, per_channel(layer, "scale", 1));
  NARROW_TRY(int const offset, per_channel(layer, "offset", 0));
  NARROW_TRY(int const scaled, layer.add(kMul, MulAttributes{}, {x, scale}));
  return layer.add(kAdd, AddAttributes{}, {scaled, offset});
}

constexpr LayerRule kNormalizationLayers[] = {
    {"BatchNormalization", build_batch_norm},
    {"BatchNormalizationV1", build_batch_norm},
    {"LayerNormalization", build_layer_norm},
    {"Rescaling", build_rescaling},
};

}  // namespace

std::span<const LayerRule> normalization_layers() {
  return kNormalizationLayers;
}

}  // namespace narrow::keras
