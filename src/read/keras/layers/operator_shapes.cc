// Calls of functions in the place of layers that move elements, or compute with several of them.
#include <algorithm>

#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

using nlohmann::json;

/// The data, which is the first argument.
Result<int> first_of(Layer& layer) {
  if (layer.inputs().empty()) return fail(ErrorKind::bad_file, "the function is called without data");
  if (layer.inputs().size() > 1)
    return fail(ErrorKind::unsupported, "narrow needs constants behind the first argument of the function");
  return layer.inputs()[0];
}

/// One axis of data of that rank; `otherwise` where it is left out.
Result<int> axis_of(const Layer& layer, size_t position, int otherwise, int rank) {
  NARROW_TRY(std::vector<int> const given, layer.integers_of(position, "axis"));
  if (given.size() > 1) return fail(ErrorKind::unsupported, "narrow has no form of the function along several axes");
  NARROW_TRY(Axis const axis, Axis::resolve(given.empty() ? otherwise : given[0], rank));
  return axis.index();
}

/// Axes of data of that rank.
Result<std::vector<int32_t>> resolved(const std::vector<int>& given, int rank) {
  std::vector<int32_t> out;
  for (int const a : given) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, rank));
    out.push_back(axis.index());
  }
  return out;
}

Result<int> build_reduction(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  int const rank = layer.shape(x).rank();
  NARROW_TRY(std::vector<int> const given, layer.integers_of(1, "axis"));
  NARROW_TRY(std::vector<int32_t> axes, resolved(given, rank));
  if (given.empty())
    for (int d = 0; d < rank; ++d) axes.push_back(d);
  const json* const keep = layer.argument(2, "keepdims");
  return layer.add(*find_op(layer.rule().op), ReduceAttributes{keep && *keep == true},
                   {x, layer.indices("axes", axes)});
}

Result<int> build_reshape_call(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  NARROW_TRY(std::vector<int> const dims, layer.integers_of(1, layer.is_keras_3_call() ? "newshape" : "shape"));
  const Shape from = layer.shape(x);
  if (dims.empty() || from.rank() == 0) return layer.refused("newshape");
  int64_t rest = 1;
  for (size_t i = 1; i < dims.size(); ++i) rest = std::min(rest * std::abs(dims[i]), int64_t{1} << 31);
  bool const open = std::count(dims.begin() + 1, dims.end(), -1) > 0;
  bool const same_samples = dims[0] == -1 ? !open && rest == from.elements() / std::max(1, from[0])
                                          : !layer.is_free(x, 0) && dims[0] == from[0];
  if (same_samples) return layer.reshaped(x, {dims.begin() + 1, dims.end()});
  if (layer.is_free(x, 0))
    return fail(ErrorKind::unsupported, "the function mixes samples, whose number is free", "",
                "`batch` gives it a size");
  return layer.add(kReshape, ReshapeAttributes{{dims.begin(), dims.end()}}, {x});
}

Result<int> build_transpose_call(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  NARROW_TRY(std::vector<int> const axes, layer.integers_of(1, layer.is_keras_3_call() ? "axes" : "perm"));
  int const rank = layer.shape(x).rank();
  NARROW_TRY(std::vector<int32_t> order, resolved(axes, rank));
  for (int d = rank; axes.empty() && d-- > 0;) order.push_back(d);
  return layer.transposed(x, order);
}

Result<int> build_expand(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  NARROW_TRY(int const axis, axis_of(layer, 1, -1, layer.shape(x).rank() + 1));
  return layer.add(kExpandDims, {}, {x, layer.indices("axis", Shape(), {axis})});
}

Result<int> build_squeeze(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  NARROW_TRY(std::vector<int> const given, layer.integers_of(1, "axis"));
  if (given.empty()) return fail(ErrorKind::unsupported, "the function does not say which dimensions it takes out");
  NARROW_TRY(std::vector<int32_t> axes, resolved(given, layer.shape(x).rank()));
  return layer.add(kSqueeze, SqueezeAttributes{std::move(axes)}, {x});
}

Result<int> build_joined(Layer& layer) {
  NARROW_TRY(std::vector<int> parts, layer.operands(0, layer.is_keras_3_call() ? "xs" : "values"));
  if (parts.empty()) return fail(ErrorKind::bad_file, "the function is called without data");
  bool const stack = std::string_view(layer.rule().op) == "PACK";
  int const rank = layer.shape(parts[0]).rank();
  NARROW_TRY(int const axis, axis_of(layer, 1, stack ? 0 : -1, rank + (stack ? 1 : 0)));
  if (!stack) return layer.add(kConcatenation, ConcatenationAttributes{.axis = axis}, std::move(parts));
  PackAttributes attributes;
  attributes.axis = axis;
  attributes.count = static_cast<int>(parts.size());
  return layer.add(kPack, attributes, std::move(parts));
}

Result<int> build_matmul(Layer& layer) {
  std::vector<int> operands;
  for (size_t at = 0; at < 2; ++at) {
    const char* const name = layer.is_keras_3_call() ? (at == 0 ? "x1" : "x2") : (at == 0 ? "a" : "b");
    NARROW_TRY(int const t, layer.operand(at, name));
    if (t == kNoTensor || layer.shape(t).rank() < 2)
      return fail(ErrorKind::unsupported, "narrow needs two matrices as operands of the product");
    operands.push_back(t);
  }
  const json* const a = layer.argument(2, "transpose_a");
  const json* const b = layer.argument(3, "transpose_b");
  return layer.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_a = a && *a == true, .adjoint_b = b && *b == true},
                   std::move(operands));
}

/// What a slice says of one dimension.
struct Part {
  int32_t begin = 0, end = 0, step = 1;
  bool from_start = false, to_end = false, single = false, added = false, rest = false;
};

Result<Part> part_of(const json& key) {
  auto unusable = [] {
    return fail(ErrorKind::unsupported, "narrow has no form of the slice that the function takes");
  };
  auto small = [](const json& v) { return v.is_number_integer() && std::abs(v.get<int64_t>()) < 1 << 30; };
  Part out;
  if (key.is_null()) {
    out.added = true;
    return out;
  }
  if (small(key)) {
    out.begin = key.get<int32_t>();
    out.end = out.begin + 1;
    out.to_end = out.begin == -1;
    out.single = true;
    return out;
  }
  if (!key.is_object()) return unusable();
  if (key.contains("class_name") && key.at("class_name") == "__ellipsis__") {
    out.rest = true;
    return out;
  }
  const json& settings = key.contains("config") ? key.at("config") : key;
  for (const char* const name : {"start", "stop", "step"})
    if (!settings.is_object() || !settings.contains(name) || !(settings.at(name).is_null() || small(settings.at(name))))
      return unusable();
  out.from_start = settings.at("start").is_null();
  out.to_end = settings.at("stop").is_null();
  if (!out.from_start) out.begin = settings.at("start").get<int32_t>();
  if (!out.to_end) out.end = settings.at("stop").get<int32_t>();
  if (!settings.at("step").is_null()) out.step = settings.at("step").get<int32_t>();
  if (out.step < 1) return unusable();
  return out;
}

Result<int> build_slice(Layer& layer) {
  NARROW_TRY(int const x, first_of(layer));
  const json* const given = layer.argument(1, layer.is_keras_3_call() ? "key" : "slice_spec");
  if (!given) return fail(ErrorKind::bad_file, "the function does not say what it takes");
  StridedSliceAttributes attributes;
  std::vector<int32_t> begin, end, steps;
  for (const json& key : given->is_array() ? *given : json::array({*given})) {
    NARROW_TRY(Part const part, part_of(key));
    int const bit = 1 << begin.size();
    if (begin.size() >= 8) return fail(ErrorKind::unsupported, "the slice names more than 8 dimensions");
    if (part.from_start) attributes.begin_mask |= bit;
    if (part.to_end) attributes.end_mask |= bit;
    if (part.single) attributes.shrink_axis_mask |= bit;
    if (part.added) attributes.new_axis_mask |= bit;
    if (part.rest) attributes.ellipsis_mask |= bit;
    begin.push_back(part.begin);
    end.push_back(part.end);
    steps.push_back(part.step);
  }
  return layer.add(kStridedSlice, attributes,
                   {x, layer.indices("begin", begin), layer.indices("end", end), layer.indices("steps", steps)});
}

constexpr LayerRule kShapeOperators[] = {
    call_rule("ops.Concatenate", build_joined, "CONCATENATION"),
    call_rule("ops.ExpandDims", build_expand),
    call_rule("ops.GetItem", build_slice),
    call_rule("ops.Matmul", build_matmul),
    call_rule("ops.Max", build_reduction, "REDUCE_MAX"),
    call_rule("ops.Mean", build_reduction, "MEAN"),
    call_rule("ops.Min", build_reduction, "REDUCE_MIN"),
    call_rule("ops.Reshape", build_reshape_call),
    call_rule("ops.Squeeze", build_squeeze),
    call_rule("ops.Stack", build_joined, "PACK"),
    call_rule("ops.Sum", build_reduction, "SUM"),
    call_rule("ops.Transpose", build_transpose_call),
    call_rule("tf.__operators__.getitem", build_slice),
    call_rule("tf.concat", build_joined, "CONCATENATION"),
    call_rule("tf.expand_dims", build_expand),
    call_rule("tf.linalg.matmul", build_matmul),
    call_rule("tf.math.reduce_max", build_reduction, "REDUCE_MAX"),
    call_rule("tf.math.reduce_mean", build_reduction, "MEAN"),
    call_rule("tf.math.reduce_min", build_reduction, "REDUCE_MIN"),
    call_rule("tf.math.reduce_sum", build_reduction, "SUM"),
    call_rule("tf.reshape", build_reshape_call),
    call_rule("tf.squeeze", build_squeeze),
    call_rule("tf.stack", build_joined, "PACK"),
    call_rule("tf.transpose", build_transpose_call),
};

}  // namespace

std::span<const LayerRule> operator_shape_layers() {
  return kShapeOperators;
}

}  // namespace narrow::keras
