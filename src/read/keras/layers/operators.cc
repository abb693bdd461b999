// Calls of functions in the place of layers: "ops.Add" of Keras 3, "tf.math.add" of Keras 2.
#include <cstring>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/conversions/conversions.h"
#include "read/keras/activation.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// The two operands, by the names that Keras and TensorFlow give them; a number takes the type of the other one.
Result<std::vector<int>> two_operands(Layer& layer) {
  constexpr const char* kNames[2][2] = {{"x", "y"}, {"x1", "x2"}};
  const auto& names = kNames[layer.file().class_name.starts_with("ops.") ? 1 : 0];
  DType const dtype = layer.inputs().empty() ? DType::float32 : layer.builder().at(layer.inputs()[0]).dtype;
  std::vector<int> out;
  for (size_t at = 0; at < 2; ++at) {
    NARROW_TRY(int const t, layer.operand(at, names[at], dtype));
    if (t == kNoTensor) return fail(ErrorKind::bad_file, "the function is called without its two operands");
    out.push_back(t);
  }
  return out;
}

Result<int> build_pairwise(Layer& layer) {
  NARROW_TRY(std::vector<int> operands, two_operands(layer));
  return layer.add(*find_op(layer.rule().op), {}, std::move(operands));
}

Result<int> build_power(Layer& layer) {
  NARROW_TRY(std::vector<int> const operands, two_operands(layer));
  const Tensor& by = layer.builder().at(operands[1]);
  if (by.constant && by.dtype == DType::float32 && by.elements() == 1) {
    float exponent = 0;
    std::memcpy(&exponent, by.data.data(), sizeof exponent);
    for (const auto& [value, op] : {std::pair{2.0f, "SQUARE"}, {0.5f, "SQRT"}, {-0.5f, "RSQRT"}})
      if (exponent == value) return layer.add(*find_op(op), {}, {operands[0]});
  }
  return layer.add(kPow, {}, operands);
}

/// The data of a function of one operand.
Result<int> data_of(Layer& layer) {
  if (layer.inputs().size() != 1)
    return fail(ErrorKind::unsupported, "the function is called with " + std::to_string(layer.inputs().size()) +
                                            " results of layers instead of 1");
  return layer.inputs()[0];
}

Result<int> build_unary(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  return layer.add(*find_op(layer.rule().op), {}, {x});
}

/// An activation function, which `op` of the rule names as Keras does.
Result<int> build_function(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  NARROW_TRY(std::vector<int> const axis, layer.integers_of(1, "axis"));
  if (!axis.empty() && axis[0] != -1 && axis[0] != layer.shape(x).rank() - 1)
    return fail(ErrorKind::unsupported, "narrow has no form of the function along another axis than the last one");
  return add_activation(layer, x, nlohmann::json(layer.rule().op));
}

/// The number that an argument is.
Result<float> number_of(Layer& layer, size_t position, const char* name, float otherwise) {
  const auto* const given = layer.argument(position, name);
  if (!given) return otherwise;
  if (!given->is_number())
    return fail(ErrorKind::unsupported, "narrow needs a number as the argument " + std::string(name));
  return given->get<float>();
}

Result<int> build_leaky(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  bool const tensorflow = layer.argument(1, "negative_slope") == nullptr;
  NARROW_TRY(float const slope, number_of(layer, 1, tensorflow ? "alpha" : "negative_slope", 0.2f));
  return layer.add(kLeakyRelu, LeakyReluAttributes{slope}, {x});
}

Result<int> build_gelu_call(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  const auto* const given = layer.argument(1, "approximate");
  bool const keras = layer.file().class_name.starts_with("ops.");
  return layer.add(kGelu, GeluAttributes{.approximate = given ? *given == true : keras}, {x});
}

Result<int> build_clip(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  bool const keras = layer.file().class_name.starts_with("ops.");
  NARROW_TRY(float const least, number_of(layer, 1, keras ? "x_min" : "clip_value_min", 0));
  NARROW_TRY(float const most, number_of(layer, 2, keras ? "x_max" : "clip_value_max", 0));
  if (least == 0 && most == 6) return layer.add(kRelu6, {}, {x});
  NARROW_TRY(int const cut, layer.add(kMinimum, {}, {x, layer.scalar("most", most)}));
  return least == 0 ? layer.add(kRelu, {}, {cut}) : layer.add(kMaximum, {}, {cut, layer.scalar("least", least)});
}

constexpr LayerRule rule(const char* class_name, Result<int> (*build)(Layer&), const char* op = nullptr) {
  return {.class_name = class_name, .build = build, .op = op, .reads_arguments = true};
}

constexpr LayerRule kOperators[] = {
    rule("ops.Absolute", build_unary, "ABS"),
    rule("ops.Add", build_pairwise, "ADD"),
    rule("ops.Clip", build_clip),
    rule("ops.Cos", build_unary, "COS"),
    rule("ops.Divide", build_pairwise, "DIV"),
    rule("ops.Elu", build_function, "elu"),
    rule("ops.Exp", build_unary, "EXP"),
    rule("ops.Floor", build_unary, "FLOOR"),
    rule("ops.Gelu", build_gelu_call),
    rule("ops.HardSigmoid", build_function, "hard_sigmoid"),
    rule("ops.HardSilu", build_function, "hard_silu"),
    rule("ops.LeakyRelu", build_leaky),
    rule("ops.Log", build_unary, "LOG"),
    rule("ops.LogSoftmax", build_function, "log_softmax"),
    rule("ops.Maximum", build_pairwise, "MAXIMUM"),
    rule("ops.Minimum", build_pairwise, "MINIMUM"),
    rule("ops.Multiply", build_pairwise, "MUL"),
    rule("ops.Negative", build_unary, "NEG"),
    rule("ops.Power", build_power),
    rule("ops.Relu", build_function, "relu"),
    rule("ops.Relu6", build_function, "relu6"),
    rule("ops.Rsqrt", build_unary, "RSQRT"),
    rule("ops.Selu", build_function, "selu"),
    rule("ops.Sigmoid", build_function, "sigmoid"),
    rule("ops.Silu", build_function, "silu"),
    rule("ops.Sin", build_unary, "SIN"),
    rule("ops.Softmax", build_function, "softmax"),
    rule("ops.Softplus", build_function, "softplus"),
    rule("ops.Softsign", build_function, "softsign"),
    rule("ops.Sqrt", build_unary, "SQRT"),
    rule("ops.Square", build_unary, "SQUARE"),
    rule("ops.Subtract", build_pairwise, "SUB"),
    rule("ops.Tanh", build_function, "tanh"),
    rule("ops.TrueDivide", build_pairwise, "DIV"),
    rule("tf.__operators__.add", build_pairwise, "ADD"),
    rule("tf.clip_by_value", build_clip),
    rule("tf.math.abs", build_unary, "ABS"),
    rule("tf.math.add", build_pairwise, "ADD"),
    rule("tf.math.cos", build_unary, "COS"),
    rule("tf.math.divide", build_pairwise, "DIV"),
    rule("tf.math.exp", build_unary, "EXP"),
    rule("tf.math.floor", build_unary, "FLOOR"),
    rule("tf.math.log", build_unary, "LOG"),
    rule("tf.math.maximum", build_pairwise, "MAXIMUM"),
    rule("tf.math.minimum", build_pairwise, "MINIMUM"),
    rule("tf.math.multiply", build_pairwise, "MUL"),
    rule("tf.math.negative", build_unary, "NEG"),
    rule("tf.math.pow", build_power),
    rule("tf.math.rsqrt", build_unary, "RSQRT"),
    rule("tf.math.sigmoid", build_function, "sigmoid"),
    rule("tf.math.sin", build_unary, "SIN"),
    rule("tf.math.softplus", build_function, "softplus"),
    rule("tf.math.sqrt", build_unary, "SQRT"),
    rule("tf.math.square", build_unary, "SQUARE"),
    rule("tf.math.squared_difference", build_pairwise, "SQUARED_DIFFERENCE"),
    rule("tf.math.subtract", build_pairwise, "SUB"),
    rule("tf.math.tanh", build_function, "tanh"),
    rule("tf.math.truediv", build_pairwise, "DIV"),
    rule("tf.nn.elu", build_function, "elu"),
    rule("tf.nn.gelu", build_gelu_call),
    rule("tf.nn.leaky_relu", build_leaky),
    rule("tf.nn.log_softmax", build_function, "log_softmax"),
    rule("tf.nn.relu", build_function, "relu"),
    rule("tf.nn.relu6", build_function, "relu6"),
    rule("tf.nn.selu", build_function, "selu"),
    rule("tf.nn.sigmoid", build_function, "sigmoid"),
    rule("tf.nn.silu", build_function, "silu"),
    rule("tf.nn.softmax", build_function, "softmax"),
    rule("tf.nn.softsign", build_function, "softsign"),
    rule("tf.nn.tanh", build_function, "tanh"),
};

}  // namespace

std::span<const LayerRule> operator_layers() {
  return kOperators;
}

}  // namespace narrow::keras
