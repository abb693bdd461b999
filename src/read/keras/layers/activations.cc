// Activation functions, as settings and as layers.
#include "ops/activations/activations.h"

#include "ops/arithmetic/arithmetic.h"
#include "ops/build/composed.h"
#include "read/keras/activation.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// One function by its name. `add` makes the ops; where it is null, `op` is one op without attributes.
struct ActivationRule {
  const char* name;
  const char* op = nullptr;
  Result<int> (*add)(Layer& layer, int x) = nullptr;
  std::optional<CellFunction> cell{};
};

/// Names ops after a layer.
class LayerOps final : public OpAdder {
 public:
  explicit LayerOps(Layer& layer) : layer_(layer) {}
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string&) override {
    return layer_.add(def, std::move(attributes), std::move(inputs));
  }
  int scalar(float value) override { return layer_.scalar("constant", value); }

 private:
  Layer& layer_;
};

Result<int> add_selu(Layer& layer, int x) {
  LayerOps ops(layer);
  return add_scaled_elu(ops, x, 1.0507009873554805f, 1.6732632423543772f);
}
/// A function that has no settings.
template <Result<int> (*kAdd)(OpAdder&, int)>
Result<int> add_composed(Layer& layer, int x) {
  LayerOps ops(layer);
  return kAdd(ops, x);
}
/// Keras 2: min(max(0.2 x + 0.5, 0), 1); Keras 3: min(max(x + 3, 0), 6) / 6.
Result<int> add_hard_sigmoid(Layer& layer, int x) {
  if (layer.reading().keras_major >= 3) {
    NARROW_TRY(int const sum, layer.add(kAdd, AddAttributes{}, {x, layer.scalar("three", 3)}));
    NARROW_TRY(int const cut, layer.add(kRelu6, {}, {sum}));
    return layer.add(kMul, MulAttributes{}, {cut, layer.scalar("sixth", 1.0f / 6.0f)});
  }
  LayerOps ops(layer);
  return add_clipped_line(ops, x, 0.2f, 0.5f);
}
Result<int> add_silu(Layer& layer, int x) {
  NARROW_TRY(int const gate, layer.add(kLogistic, {}, {x}));
  return layer.add(kMul, MulAttributes{}, {x, gate});
}
Result<int> add_gelu(Layer& layer, int x) {
  return layer.add(kGelu, GeluAttributes{.approximate = false}, {x});
}
Result<int> add_leaky_relu(Layer& layer, int x) {
  return layer.add(kLeakyRelu, LeakyReluAttributes{0.2f}, {x});
}
Result<int> add_linear(Layer&, int x) {
  return x;
}

constexpr ActivationRule kActivations[] = {
    {"elu", "ELU", nullptr, CellFunction::elu},
    {"exponential", "EXP", nullptr, CellFunction::exponential},
    {"gelu", nullptr, add_gelu, CellFunction::gelu},
    {"hard_sigmoid", nullptr, add_hard_sigmoid, CellFunction::hard_sigmoid},
    {"hard_silu", "HARD_SWISH"},
    {"hard_swish", "HARD_SWISH"},
    {"leaky_relu", nullptr, add_leaky_relu, CellFunction::leaky_relu},
    {"linear", nullptr, add_linear, CellFunction::linear},
    {"log_softmax", "LOG_SOFTMAX"},
    {"mish", nullptr, add_composed<add_mish>},
    {"relu", "RELU", nullptr, CellFunction::relu},
    {"relu6", "RELU6", nullptr, CellFunction::relu6},
    {"selu", nullptr, add_selu, CellFunction::selu},
    {"sigmoid", "LOGISTIC", nullptr, CellFunction::sigmoid},
    {"silu", nullptr, add_silu, CellFunction::silu},
    {"softmax", "SOFTMAX"},
    {"softplus", nullptr, add_composed<add_softplus>, CellFunction::softplus},
    {"softsign", nullptr, add_composed<add_softsign>, CellFunction::softsign},
    {"swish", nullptr, add_silu, CellFunction::silu},
    {"tanh", "TANH", nullptr, CellFunction::tanh},
};

/// The function's name: a word, or {"class_name": "function", "config": word}.
std::string function_name(const nlohmann::json& function) {
  if (function.is_string()) return function.get<std::string>();
  if (function.is_object() && function.contains("config") && function.at("config").is_string())
    return function.at("config").get<std::string>();
  return {};
}

/// The function that a wrapper of tensorflow_model_optimization holds; others as they are.
const nlohmann::json& within_quantization(const nlohmann::json& function) {
  if (!function.is_object() || !function.contains("class_name") || !function.contains("config") ||
      function.at("class_name") != "QuantizeAwareActivation" || !function.at("config").is_object() ||
      !function.at("config").contains("activation"))
    return function;
  return function.at("config").at("activation");
}

const ActivationRule* find_activation(const std::string& name) {
  for (const ActivationRule& rule : kActivations)
    if (name == rule.name) return &rule;
  return nullptr;
}

tl::unexpected<Error> unknown_function(const nlohmann::json& function) {
  return fail(ErrorKind::unsupported, "narrow has no form of the activation function " +
                                          function.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

Result<int> build_activation(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  return layer.activated(x);
}

/// The function that is 0 up to a threshold, and x above it.
Result<int> above(Layer& layer, int x, float threshold) {
  NARROW_TRY(int const is_above, layer.add(kGreater, {}, {x, layer.scalar("threshold", threshold)}, DType::boolean));
  return layer.add(kSelectV2, {}, {is_above, x, layer.scalar("zero", 0)}, DType::float32);
}

Result<int> build_relu(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(float const slope, layer.real("negative_slope", 0));
  NARROW_TRY(float const threshold, layer.real("threshold", 0));
  bool const bounded = layer.setting("max_value") != nullptr;
  NARROW_TRY(float const bound, layer.real("max_value", 0));
  if (threshold == 0 && slope == 0 && bounded && bound == 6) return layer.add(kRelu6, {}, {x});
  int y = x;
  if (threshold != 0) {
    NARROW_TRY(y, above(layer, x, threshold));
  } else if (slope != 0) {
    NARROW_TRY(y, layer.add(kLeakyRelu, LeakyReluAttributes{slope}, {x}));
  } else {
    NARROW_TRY(y, layer.add(kRelu, {}, {x}));
  }
  if (bounded) {
    NARROW_TRY(y, layer.add(kMinimum, {}, {y, layer.scalar("max_value", bound)}));
  }
  if (threshold == 0 || slope == 0) return y;
  NARROW_TRY(int const below, layer.add(kSub, SubAttributes{}, {layer.scalar("start", threshold), x}));
  NARROW_TRY(int const depth, layer.add(kRelu, {}, {below}));
  NARROW_TRY(int const part, layer.add(kMul, MulAttributes{}, {depth, layer.scalar("negative_slope", slope)}));
  return layer.add(kSub, SubAttributes{}, {y, part});
}

Result<int> build_leaky_relu(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(float const slope, layer.real(layer.setting("alpha") ? "alpha" : "negative_slope", 0.3f));
  return layer.add(kLeakyRelu, LeakyReluAttributes{slope}, {x});
}

Result<int> build_elu(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(float const alpha, layer.real("alpha", 1));
  LayerOps ops(layer);
  return alpha == 1 ? layer.add(kElu, {}, {x}) : add_scaled_elu(ops, x, 1, alpha);
}

Result<int> build_thresholded_relu(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(float const theta, layer.real("theta", 1));
  return above(layer, x, theta);
}

Result<int> build_prelu(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_CHECK(layer.has_weights(1));
  std::vector<int32_t> dims;
  for (int d = 1; d < layer.shape(x).rank(); ++d) dims.push_back(layer.shape(x)[d]);
  NARROW_TRY(std::vector<int> const shared, layer.integers("shared_axes"));
  for (int const a : shared) {
    NARROW_TRY(Axis const axis, Axis::resolve(a, layer.shape(x).rank()));
    if (axis.index() == 0) return fail(ErrorKind::bad_file, "its slopes are shared by samples");
    dims[static_cast<size_t>(axis.index() - 1)] = 1;
  }
  NARROW_TRY(const KerasArray* const alpha, layer.weight(0, dims));
  NARROW_TRY(int const slopes, layer.place(*alpha));
  return layer.add(kPrelu, {}, {x, slopes});
}

Result<int> build_softmax(Layer& layer) {
  NARROW_TRY(int const x, layer.input());
  NARROW_TRY(std::vector<int> const axes, layer.integers("axis"));
  if (axes.size() > 1) return layer.refused("axis");
  int const rank = layer.shape(x).rank();
  NARROW_TRY(Axis const axis, Axis::resolve(axes.empty() ? -1 : axes[0], rank));
  std::vector<int32_t> order;
  for (int d = 0; d < rank; ++d) order.push_back(d);
  std::swap(order[static_cast<size_t>(axis.index())], order.back());
  NARROW_TRY(int const turned, layer.transposed(x, order));
  NARROW_TRY(int const y, layer.add(kSoftmax, SoftmaxAttributes{}, {turned}));
  return layer.transposed(y, order);
}

constexpr LayerRule kActivationLayers[] = {
    {"Activation", build_activation},
    {"ELU", build_elu},
    {"LeakyReLU", build_leaky_relu},
    {"PReLU", build_prelu},
    {"ReLU", build_relu},
    {"Softmax", build_softmax},
    {"ThresholdedReLU", build_thresholded_relu},
};

}  // namespace

Result<int> add_activation(Layer& layer, int x, const nlohmann::json& given) {
  const nlohmann::json& function = within_quantization(given);
  if (function.is_object() && function.contains("class_name") && function.at("class_name") == "NoOpActivation")
    return x;
  if (const ActivationRule* const rule = find_activation(function_name(function)))
    return rule->add ? rule->add(layer, x) : layer.add(*find_op(rule->op), {}, {x});
  if (!function.is_object() || !function.contains("class_name") || !function.at("class_name").is_string())
    return unknown_function(function);
  KerasLayer inner;
  inner.class_name = function.at("class_name").get<std::string>();
  inner.name = layer.file().name + "/activation";
  if (function.contains("config")) inner.config = function.at("config");
  for (const LayerRule& rule : kActivationLayers)
    if (inner.class_name == rule.class_name && inner.class_name != "Activation" && inner.class_name != "PReLU") {
      Layer of(layer.reading(), inner, rule, {x}, layer.name() + "/activation");
      return rule.build(of);
    }
  return unknown_function(function);
}

Result<CellActivation> cell_activation(Layer& layer, const char* setting, CellActivation otherwise) {
  const auto* const function = layer.setting(setting);
  if (!function) return otherwise;
  const ActivationRule* const rule = find_activation(function_name(*function));
  if (!rule || !rule->cell) return unknown_function(*function);
  CellActivation out{*rule->cell};
  if (out.function == CellFunction::leaky_relu) out.alpha = 0.2f;
  if (out.function == CellFunction::elu) out.alpha = 1;
  if (out.function == CellFunction::hard_sigmoid)
    out = {out.function, layer.reading().keras_major >= 3 ? 1.0f / 6.0f : 0.2f, 0.5f};
  return out;
}

std::span<const LayerRule> activation_layers() {
  return kActivationLayers;
}

}  // namespace narrow::keras
