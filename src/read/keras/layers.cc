#include "read/keras/layers.h"

#include <algorithm>
#include <map>

#include "base/unique_names.h"
#include "graph/attribute_type.h"
#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/batch_norm.h"
#include "ops/build/permuted.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/windows/windows.h"

namespace narrow::keras {
namespace {

using Json = nlohmann::json;

/// One call of a layer in the making.
struct Call {
  GraphBuilder& builder;
  UniqueNames& names;
  const KerasLayer& layer;
  std::vector<int> inputs;

  const Json* find(const char* key) const {
    auto const at = layer.config.is_object() ? layer.config.find(key) : layer.config.end();
    return !layer.config.is_object() || at == layer.config.end() || at->is_null() ? nullptr : &*at;
  }
  std::string text(const char* key, const char* otherwise) const {
    const Json* const v = find(key);
    return v && v->is_string() ? v->get<std::string>() : otherwise;
  }
  bool flag(const char* key, bool otherwise) const {
    const Json* const v = find(key);
    return v && v->is_boolean() ? v->get<bool>() : otherwise;
  }
  double real(const char* key, double otherwise) const {
    const Json* const v = find(key);
    return v && v->is_number() ? v->get<double>() : otherwise;
  }
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> operands, const std::string& part = "") {
    NARROW_TRY(int const out, builder.infer_op(def, std::move(attributes), std::move(operands),
                                               {.name = names.take(layer.name + part)}));
    Tensor& t = builder.at(out);
    t.shape_signature.assign(t.shape.dims().begin(), t.shape.dims().end());
    if (!t.shape_signature.empty()) t.shape_signature[0] = -1;
    return out;
  }
};

tl::unexpected<Error> refused(const std::string& what) {
  return fail(ErrorKind::unsupported, what, "", "use another layer in its place, or leave it out");
}

struct Pair {
  int h = 1, w = 1;
};

Result<Pair> pair_of(const Call& call, const char* key, Pair otherwise) {
  const Json* const v = call.find(key);
  if (!v) return otherwise;
  auto const whole = [](const Json& j) { return j.is_number_integer() ? j.get<int64_t>() : int64_t{0}; };
  int64_t const h = v->is_array() && v->size() == 2 ? whole((*v)[0]) : whole(*v);
  int64_t const w = v->is_array() && v->size() == 2 ? whole((*v)[1]) : whole(*v);
  if (h < 1 || w < 1 || h > (1 << 20) || w > (1 << 20))
    return fail(ErrorKind::bad_file, std::string("the setting '") + key + "' is no pair of positive numbers");
  return Pair{static_cast<int>(h), static_cast<int>(w)};
}

Result<Padding> padding_of(const Call& call) {
  std::string const padding = call.text("padding", call.text("border_mode", "valid").c_str());
  if (padding != "same" && padding != "valid") return refused("padding '" + padding + "' has no form here");
  if (call.text("data_format", "channels_last") != "channels_last") return refused("channels come first");
  return padding == "same" ? Padding::same : Padding::valid;
}

Result<int> one_input(const Call& call, int rank) {
  if (call.inputs.size() != 1) return fail(ErrorKind::bad_file, "the layer does not have one input");
  if (rank && call.builder.shape(call.inputs[0]).rank() != rank)
    return fail(ErrorKind::bad_file, "the input has the shape " + call.builder.shape(call.inputs[0]).text());
  return call.inputs[0];
}

Result<const KerasArray*> array(const Call& call, size_t i, int rank) {
  if (i >= call.layer.weights.size()) return fail(ErrorKind::bad_file, "the file lacks weights of the layer");
  const KerasArray& a = call.layer.weights[i];
  if (a.shape.rank() != rank) return fail(ErrorKind::bad_file, "weights have the shape " + a.shape.text());
  return &a;
}

int kernel_constant(Call& call, const KerasArray& a, const std::vector<int>& order) {
  auto const bytes = std::as_bytes(std::span<const float>(a.values));
  SharedBytes const moved = permuted(bytes, sizeof(float), a.shape, order);
  return call.builder.constant(
      {.shape = permuted(a.shape, order), .name = call.names.take(call.layer.name + "/kernel")}, moved.bytes());
}

/// Appends the bias to the operands of a layer that has one.
Status add_bias(Call& call, std::vector<int>& operands, int32_t channels) {
  if (!call.flag("use_bias", call.flag("bias", true))) return {};
  NARROW_TRY(const KerasArray* const bias, array(call, 1, 1));
  if (bias->shape.back() != channels) return fail(ErrorKind::bad_file, "the bias has the shape " + bias->shape.text());
  operands.push_back(
      call.builder.constant({.shape = bias->shape, .name = call.names.take(call.layer.name + "/bias")}, bias->values));
  return {};
}

struct ActivationRow {
  const char* name;
  const char* op;
};
constexpr ActivationRow kActivations[] = {{"elu", "ELU"},         {"exponential", "EXP"}, {"gelu", "GELU"},
                                          {"relu", "RELU"},       {"relu6", "RELU6"},     {"sigmoid", "LOGISTIC"},
                                          {"softmax", "SOFTMAX"}, {"tanh", "TANH"}};

Result<int> activated(Call& call, int x, const std::string& name) {
  if (name == "linear") return x;
  for (const ActivationRow& row : kActivations)
    if (name == row.name) {
      const OpDef& def = *find_op(row.op);
      return call.add(def, def.attributes ? def.attributes->make() : Attributes(), {x}, "/" + name);
    }
  return refused("the activation '" + name + "' has no form here");
}

Result<int> with_activation(Call& call, Result<int> x) {
  if (!x) return x;
  const Json* const v = call.find("activation");
  if (v && !v->is_string()) return refused("the activation is an object of its own");
  return activated(call, *x, v ? v->get<std::string>() : "linear");
}

Result<int> read_conv_2d(Call& call) {
  NARROW_TRY(int const x, one_input(call, 4));
  NARROW_TRY(Padding const padding, padding_of(call));
  NARROW_TRY(Pair const strides, pair_of(call, "strides", {}));
  NARROW_TRY(Pair const dilations, pair_of(call, "dilation_rate", {}));
  NARROW_TRY(const KerasArray* const kernel, array(call, 0, 4));
  std::vector<int> operands{x, kernel_constant(call, *kernel, {3, 0, 1, 2})};
  NARROW_CHECK(add_bias(call, operands, kernel->shape[3]));
  return with_activation(call, call.add(kConv2d,
                                        Conv2dAttributes{.padding = padding,
                                                         .stride_h = strides.h,
                                                         .stride_w = strides.w,
                                                         .dilation_h = dilations.h,
                                                         .dilation_w = dilations.w},
                                        operands));
}

Result<int> read_depthwise(Call& call) {
  NARROW_TRY(int const x, one_input(call, 4));
  NARROW_TRY(Padding const padding, padding_of(call));
  NARROW_TRY(Pair const strides, pair_of(call, "strides", {}));
  NARROW_TRY(Pair const dilations, pair_of(call, "dilation_rate", {}));
  NARROW_TRY(const KerasArray* const kernel, array(call, 0, 4));
  const Shape& k = kernel->shape;
  if (k.product(2, 4) > INT32_MAX) return fail(ErrorKind::bad_file, "weights have the shape " + k.text());
  NARROW_TRY(Shape const flat, Shape::make(std::vector<int32_t>{1, k[0], k[1], static_cast<int32_t>(k.product(2, 4))}));
  std::vector<int> operands{
      x, call.builder.constant({.shape = flat, .name = call.names.take(call.layer.name + "/kernel")}, kernel->values)};
  NARROW_CHECK(add_bias(call, operands, flat.back()));
  return with_activation(call, call.add(kDepthwiseConv2d,
                                        DepthwiseConv2dAttributes{.padding = padding,
                                                                  .stride_h = strides.h,
                                                                  .stride_w = strides.w,
                                                                  .dilation_h = dilations.h,
                                                                  .dilation_w = dilations.w,
                                                                  .depth_multiplier = k[3]},
                                        operands));
}

Result<int> read_dense(Call& call) {
  NARROW_TRY(int const x, one_input(call, 0));
  NARROW_TRY(const KerasArray* const kernel, array(call, 0, 2));
  std::vector<int> operands{x, kernel_constant(call, *kernel, {1, 0})};
  NARROW_CHECK(add_bias(call, operands, kernel->shape[1]));
  bool const keep = call.builder.shape(x).rank() > 2;
  return with_activation(call, call.add(kFullyConnected, FullyConnectedAttributes{.keep_num_dims = keep}, operands));
}

Result<int> read_batch_norm(Call& call) {
  NARROW_TRY(int const x, one_input(call, 0));
  const Json* axis = call.find("axis");
  if (axis && axis->is_array() && axis->size() == 1) axis = &(*axis)[0];
  int const last = call.builder.shape(x).rank() - 1;
  if (axis && !(axis->is_number_integer() && (*axis == -1 || *axis == last)))
    return refused("the axis is not the last one");
  BatchNorm norm{.epsilon = static_cast<float>(call.real("epsilon", 1e-3))};
  size_t at = 0;
  auto const take = [&](std::span<const float>& list) -> Status {
    NARROW_TRY(const KerasArray* const a, array(call, at++, 1));
    list = a->values;
    return {};
  };
  if (call.flag("scale", true)) NARROW_CHECK(take(norm.gamma));
  if (call.flag("center", true)) NARROW_CHECK(take(norm.beta));
  NARROW_CHECK(take(norm.mean));
  NARROW_CHECK(take(norm.variance));
  NARROW_TRY(int const out, add_batch_norm(call.builder, x, norm, call.names.take(call.layer.name)));
  for (int const t : {call.builder.graph().ops.back().inputs[0], out})
    call.builder.at(t).shape_signature = call.builder.at(x).shape_signature;
  return out;
}

Result<int> read_pool(Call& call, const OpDef& def) {
  NARROW_TRY(int const x, one_input(call, 4));
  NARROW_TRY(Padding const padding, padding_of(call));
  NARROW_TRY(Pair const filter, pair_of(call, "pool_size", {2, 2}));
  NARROW_TRY(Pair const strides, pair_of(call, "strides", filter));
  return call.add(
      def,
      Pool2dAttributes{
          .padding = padding, .stride_h = strides.h, .stride_w = strides.w, .filter_h = filter.h, .filter_w = filter.w},
      {x});
}
Result<int> read_max_pool(Call& call) {
  return read_pool(call, kMaxPool2d);
}
Result<int> read_average_pool(Call& call) {
  return read_pool(call, kAveragePool2d);
}

Result<int> read_flatten(Call& call) {
  NARROW_TRY(int const x, one_input(call, 0));
  const Shape& shape = call.builder.shape(x);
  if (shape.rank() < 1 || shape.product(1, shape.rank()) > INT32_MAX)
    return fail(ErrorKind::bad_file, "the input has the shape " + shape.text());
  auto const rest = static_cast<int32_t>(shape.product(1, shape.rank()));
  return call.add(kReshape, ReshapeAttributes{{-1, rest}}, {x, call.builder.indices({-1, rest})});
}

Result<int> read_sum(Call& call) {
  if (call.inputs.size() < 2) return fail(ErrorKind::bad_file, "the layer has fewer than two inputs");
  int sum = call.inputs[0];
  for (size_t i = 1; i < call.inputs.size(); ++i) {
    NARROW_TRY(sum, call.add(kAdd, AddAttributes{}, {sum, call.inputs[i]}));
  }
  return sum;
}

Result<int> read_activation(Call& call) {
  return with_activation(call, one_input(call, 0));
}

Result<int> read_relu(Call& call) {
  NARROW_TRY(int const x, one_input(call, 0));
  double const most = call.real("max_value", 0);
  if (call.real("negative_slope", 0) != 0 || call.real("threshold", 0) != 0 || (call.find("max_value") && most != 6))
    return refused("ReLU with a slope, a threshold or a bound other than 6 has no form here");
  return activated(call, x, most == 6 ? "relu6" : "relu");
}

Result<int> read_identity(Call& call) {
  return one_input(call, 0);
}

struct LayerRule {
  const char* class_name;
  Result<int> (*read)(Call&);
};
constexpr LayerRule kRules[] = {
    {"Activation", read_activation},         {"Add", read_sum},          {"AveragePooling2D", read_average_pool},
    {"BatchNormalization", read_batch_norm}, {"Conv2D", read_conv_2d},   {"Dense", read_dense},
    {"DepthwiseConv2D", read_depthwise},     {"Dropout", read_identity}, {"Flatten", read_flatten},
    {"MaxPooling2D", read_max_pool},         {"ReLU", read_relu}};

Result<int> add_input(Call& call) {
  const Json* shape = call.find("batch_shape");
  if (!shape) shape = call.find("batch_input_shape");
  if (!shape || !shape->is_array() || shape->empty())
    return fail(ErrorKind::bad_file, "the input does not state its shape");
  if (call.text("dtype", "float32") != "float32") return refused("the input is not of float32");
  std::vector<int32_t> dims, signature;
  for (const Json& d : *shape) {
    if (!d.is_null() && !(d.is_number_integer() && d.get<int64_t>() > 0 && d.get<int64_t>() <= INT32_MAX))
      return fail(ErrorKind::bad_file, "the input's shape is no list of positive numbers");
    if (d.is_null() && !dims.empty()) return refused("a dimension of the input besides the first one is free");
    dims.push_back(d.is_null() ? 1 : static_cast<int32_t>(d.get<int64_t>()));
    signature.push_back(d.is_null() ? -1 : dims.back());
  }
  NARROW_TRY(Shape const made, Shape::make(dims));
  int const t = call.builder.input({.shape = made, .name = call.names.take(call.layer.name)});
  call.builder.at(t).shape_signature = signature;
  return t;
}

Result<int> read_call(Call& call) {
  if (call.layer.class_name == "InputLayer") return add_input(call);
  for (const LayerRule& rule : kRules)
    if (call.layer.class_name == rule.class_name) return rule.read(call);
  return refused("layers of the class '" + call.layer.class_name + "' cannot be read");
}

using Key = std::pair<std::string, int>;

}  // namespace

Result<Model> model_of(const KerasNetwork& network, const Limits&) {
  GraphBuilder builder;
  UniqueNames names;
  std::map<Key, int> made;
  auto const find = [&](const KerasTensor& t) {
    auto const at = made.find({t.layer, t.node});
    return at == made.end() || t.output != 0 ? kNoTensor : at->second;
  };
  struct Waiting {
    const KerasLayer* layer;
    int node;
  };
  std::vector<Waiting> waiting;
  for (const KerasLayer& layer : network.layers)
    for (size_t n = 0; n < layer.calls.size(); ++n) waiting.push_back({&layer, static_cast<int>(n)});
  while (!waiting.empty()) {
    std::vector<Waiting> later;
    for (const Waiting& w : waiting) {
      Call call{builder, names, *w.layer, {}};
      for (const KerasTensor& t : w.layer->calls[static_cast<size_t>(w.node)].inputs) call.inputs.push_back(find(t));
      if (std::find(call.inputs.begin(), call.inputs.end(), kNoTensor) != call.inputs.end()) {
        later.push_back(w);
        continue;
      }
      auto out = read_call(call);
      if (!out) return pass(std::move(out), "layer '" + w.layer->name + "' (" + w.layer->class_name + ")");
      made[{w.layer->name, w.node}] = *out;
    }
    if (later.size() == waiting.size())
      return fail(ErrorKind::bad_file, "the inputs of the layer lead back to it, or to no layer",
                  "layer '" + later[0].layer->name + "'");
    waiting = std::move(later);
  }
  std::vector<int> outputs;
  for (const KerasTensor& t : network.outputs) {
    outputs.push_back(find(t));
    if (outputs.back() == kNoTensor)
      return fail(ErrorKind::bad_file, "the model's output '" + t.layer + "' is no result of a layer");
  }
  builder.outputs(outputs);
  builder.signature("serving_default");
  return std::move(builder.model());
}

}  // namespace narrow::keras
