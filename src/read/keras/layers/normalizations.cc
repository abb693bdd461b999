// Normalization by what training left, or by each sample's own mean.
#include <algorithm>
#include <cmath>

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/batch_norm.h"
#include "ops/build/free_signature.h"
#include "ops/conversions/conversions.h"
#include "ops/reductions/reductions.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

Result<int> build_batch_norm(Layer& layer) {
  NARROW_TRY(int x, layer.input());
  NARROW_TRY(std::vector<int> const axes, layer.integers("axis"));
  NARROW_TRY(bool const scale, layer.flag("scale", true));
  NARROW_TRY(bool const center, layer.flag("center", true));
  NARROW_TRY(float const epsilon, layer.real("epsilon", 1e-3f));
  int const rank = layer.shape(x).rank();
  NARROW_TRY(Axis const axis, Axis::resolve(axes.empty() ? -1 : axes[0], rank));
  if (axes.size() > 1 || axis.index() == 0) return layer.refused("axis");
  NARROW_TRY(x, layer.to_channels_last(x, axis.index()));
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
  return layer.to_channels_first(y, axis.index());
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
    NARROW_TRY(int const by, layer.place(*gamma, {}, shape));
    NARROW_TRY(y, layer.add(kMul, MulAttributes{}, {y, by}));
  }
  if (center) {
    NARROW_TRY(const KerasArray* const beta, layer.weight(scale ? 1 : 0, dims));
    NARROW_TRY(int const offset, layer.place(*beta, {}, shape));
    NARROW_TRY(y, layer.add(kAdd, AddAttributes{}, {y, offset}));
  }
  return y;
}

/// The numbers of a setting that is a number or lists of lists of them, in order.
Status numbers_of(const nlohmann::json& value, const char* name, std::vector<float>& out) {
  if (value.is_array()) {
    for (const auto& part : value) NARROW_CHECK(numbers_of(part, name, out));
    return {};
  }
  if (!value.is_number() || !std::isfinite(value.get<float>()))
    return fail(ErrorKind::bad_file, "the setting '" + std::string(name) + "' is no list of numbers");
  out.push_back(value.get<float>());
  return {};
}

/// The mean or variance of a Normalization layer: the setting, or else the array of weights at `index`. One value for
/// each element along the kept axes, or one for all.
Result<std::vector<float>> adapted(const Layer& layer, const char* name, size_t index, int64_t count) {
  std::vector<float> out;
  if (const auto* const s = layer.setting(name)) {
    NARROW_CHECK(numbers_of(*s, name, out));
  } else if (index < layer.file().weights.size()) {
    out = layer.file().weights[index].values;
  } else {
    return fail(ErrorKind::bad_file, "the file has no " + std::string(name) + " for it", "",
                "call adapt(...) on the layer before the model is saved");
  }
  if (static_cast<int64_t>(out.size()) != count && out.size() != 1)
    return fail(ErrorKind::bad_file, "its " + std::string(name) + " has " + std::to_string(out.size()) +
                                         " values instead of " + std::to_string(count));
  out.resize(static_cast<size_t>(count), out[0]);
  return out;
}

/// (x - mean) / max(sqrt(variance), 1e-7), or with `invert` back from there; mean and variance lie along the kept axes.
Result<int> build_normalization(Layer& layer) {
  NARROW_TRY(int x, layer.input());
  NARROW_TRY(bool const invert, layer.flag("invert", false));
  NARROW_TRY(std::vector<int> kept, layer.integers("axis"));
  if (kept.empty() && !layer.file().config.contains("axis")) kept.push_back(-1);
  int const rank = layer.shape(x).rank();
  std::vector<int32_t> dims(static_cast<size_t>(rank), 1);
  for (int const a : kept) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, rank));
    if (axis.index() == 0 || layer.is_free(x, axis.index())) return layer.refused("axis");
    dims[static_cast<size_t>(axis.index())] = layer.shape(x)[axis.index()];
  }
  while (dims.size() > 1 && dims.front() == 1) dims.erase(dims.begin());
  NARROW_TRY(Shape const shape, Shape::make(dims));
  NARROW_TRY(std::vector<float> mean, adapted(layer, "mean", 0, shape.elements()));
  NARROW_TRY(std::vector<float> const variance, adapted(layer, "variance", 1, shape.elements()));
  std::vector<float> factor;
  for (float const v : variance) {
    if (!(v >= 0)) return fail(ErrorKind::bad_file, "it has a negative variance");
    double const deviation = std::max(std::sqrt(static_cast<double>(v)), 1e-7);
    factor.push_back(static_cast<float>(invert ? deviation : 1 / deviation));
  }
  if (DType const given = layer.builder().at(x).dtype; given != DType::float32) {
    NARROW_TRY(x, layer.add(kCast, CastAttributes{given, DType::float32}, {x}, DType::float32));
  }
  int const offset = layer.constant("mean", shape, mean), by = layer.constant("factor", shape, factor);
  NARROW_TRY(int const y,
             invert ? layer.add(kMul, MulAttributes{}, {x, by}) : layer.add(kSub, SubAttributes{}, {x, offset}));
  return invert ? layer.add(kAdd, AddAttributes{}, {y, offset}) : layer.add(kMul, MulAttributes{}, {y, by});
}

/// A number, or a list of one for each channel, as a constant.
Result<int> per_channel(Layer& layer, const char* name, float otherwise) {
  const auto* const s = layer.setting(name);
  if (!s || !s->is_array()) {
    NARROW_TRY(float const v, layer.real(name, otherwise));
    return layer.scalar(name, v);
  }
  std::vector<float> values;
  NARROW_CHECK(numbers_of(*s, name, values));
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
    {"BatchNormalization", build_batch_norm}, {"BatchNormalizationV1", build_batch_norm},
    {"LayerNormalization", build_layer_norm}, {"Normalization", build_normalization},
    {"Rescaling", build_rescaling},
};

}  // namespace

std::span<const LayerRule> normalization_layers() {
  return kNormalizationLayers;
}

}  // namespace narrow::keras
