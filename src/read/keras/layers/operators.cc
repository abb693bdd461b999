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
  const auto& names = kNames[layer.is_keras_3_call() ? 1 : 0];
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
  return layer.add(kGelu, GeluAttributes{.approximate = given ? *given == true : layer.is_keras_3_call()}, {x});
}

Result<int> build_clip(Layer& layer) {
  NARROW_TRY(int const x, data_of(layer));
  bool const keras = layer.is_keras_3_call();
  NARROW_TRY(float const least, number_of(layer, 1, keras ? "x_min" : "clip_value_min", 0));
  NARROW_TRY(float const most, number_of(layer, 2, keras ? "x_max" : "clip_value_max", 0));
  if (least == 0 && most == 6) return layer.add(kRelu6, {}, {x});
  NARROW_TRY(int const cut, layer.add(kMinimum, {}, {x, layer.scalar("most", most)}));
  return least == 0 ? layer.add(kRelu, {}, {cut}) : layer.add(kMaximum, {}, {cut, layer.scalar("least", least)});
}

constexpr LayerRule kOperators[] = {
    call_rule("ops.Absolute", build_unary, "ABS"),
    call_rule("ops.Add", build_pairwise, "ADD"),
    call_rule("ops.Clip", build_clip),
    call_rule("ops.Cos", build_unary, "COS"),
    call_rule("ops.Divide", build_pairwise, "DIV"),
    call_rule("ops.Elu", build_function, "elu"),
    call_rule("ops.Exp", build_unary, "EXP"),
    call_rule("ops.Floor", build_unary, "FLOOR"),
    call_rule("ops.Gelu", build_gelu_call),
    call_rule("ops.HardSigmoid", build_function, "hard_sigmoid"),
    call_rule("ops.HardSilu", build_function, "hard_silu"),
    call_rule("ops.LeakyRelu", build_leaky),
    call_rule("ops.Log", build_unary, "LOG"),
    call_rule("ops.LogSoftmax", build_function, "log_softmax"),
    call_rule("ops.Maximum", build_pairwise, "MAXIMUM"),
    call_rule("ops.Minimum", build_pairwise, "MINIMUM"),
    call_rule("ops.Multiply", build_pairwise, "MUL"),
    call_rule("ops.Negative", build_unary, "NEG"),
    call_rule("ops.Power", build_power),
    call_rule("ops.Relu", build_function, "relu"),
    call_rule("ops.Relu6", build_function, "relu6"),
    call_rule("ops.Rsqrt", build_unary, "RSQRT"),
    call_rule("ops.Selu", build_function, "selu"),
    call_rule("ops.Sigmoid", build_function, "sigmoid"),
    call_rule("ops.Silu", build_function, "silu"),
    call_rule("ops.Sin", build_unary, "SIN"),
    call_rule("ops.Softmax", build_function, "softmax"),
    call_rule("ops.Softplus", build_function, "softplus"),
    call_rule("ops.Softsign", build_function, "softsign"),
    call_rule("ops.Sqrt", build_unary, "SQRT"),
    call_rule("ops.Square", build_unary, "SQUARE"),
    call_rule("ops.Subtract", build_pairwise, "SUB"),
    call_rule("ops.Tanh", build_function, "tanh"),
    call_rule("ops.TrueDivide", build_pairwise, "DIV"),
    call_rule("tf.__operators__.add", build_pairwise, "ADD"),
    call_rule("tf.clip_by_value", build_clip),
    call_rule("tf.math.abs", build_unary, "ABS"),
    call_rule("tf.math.add", build_pairwise, "ADD"),
    call_rule("tf.math.cos", build_unary, "COS"),
    call_rule("tf.math.divide", build_pairwise, "DIV"),
    call_rule("tf.math.exp", build_unary, "EXP"),
    call_rule("tf.math.floor", build_unary, "FLOOR"),
    call_rule("tf.math.log", build_unary, "LOG"),
    call_rule("tf.math.maximum", build_pairwise, "MAXIMUM"),
    call_rule("tf.math.minimum", build_pairwise, "MINIMUM"),
    call_rule("tf.math.multiply", build_pairwise, "MUL"),
    call_rule("tf.math.negative", build_unary, "NEG"),
    call_rule("tf.math.pow", build_power),
    call_rule("tf.math.rsqrt", build_unary, "RSQRT"),
    call_rule("tf.math.sigmoid", build_function, "sigmoid"),
    call_rule("tf.math.sin", build_unary, "SIN"),
    call_rule("tf.math.softplus", build_function, "softplus"),
    call_rule("tf.math.sqrt", build_unary, "SQRT"),
    call_rule("tf.math.square", build_unary, "SQUARE"),
    call_rule("tf.math.squared_difference", build_pairwise, "SQUARED_DIFFERENCE"),
    call_rule("tf.math.subtract", build_pairwise, "SUB"),
    call_rule("tf.math.tanh", build_function, "tanh"),
    call_rule("tf.math.truediv", build_pairwise, "DIV"),
    call_rule("tf.nn.elu", build_function, "elu"),
    call_rule("tf.nn.gelu", build_gelu_call),
    call_rule("tf.nn.leaky_relu", build_leaky),
    call_rule("tf.nn.log_softmax", build_function, "log_softmax"),
    call_rule("tf.nn.relu", build_function, "relu"),
    call_rule("tf.nn.relu6", build_function, "relu6"),
    call_rule("tf.nn.selu", build_function, "selu"),
    call_rule("tf.nn.sigmoid", build_function, "sigmoid"),
    call_rule("tf.nn.silu", build_function, "silu"),
    call_rule("tf.nn.softmax", build_function, "softmax"),
    call_rule("tf.nn.softsign", build_function, "softsign"),
    call_rule("tf.nn.tanh", build_function, "tanh"),
};

}  // namespace

std::span<const LayerRule> operator_layers() {
  return kOperators;
}

}  // namespace narrow::keras
