// Activation functions.
#include "ops/activations/activations.h"

#include "ops/arithmetic/arithmetic.h"
#include "read/graphdef/ops/folded.h"

namespace narrow::graphdef {
namespace {

Result<std::vector<Value>> read_activation(Node& node) {
  return one(as_named(node, 1));
}

Result<std::vector<Value>> read_leaky_relu(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  return one(node.add(kLeakyRelu, LeakyReluAttributes{node.real("alpha", 0.2f)}, {x}));
}

Result<int> scalar(Node& node, float value) {
  return node.builder().constant({.name = node.reading().names.take(node.name() + "/constant")}, std::vector{value});
}

/// scale * (max(x, 0) + alpha * (exp(min(x, 0)) - 1)), with the constants of self-normalizing networks.
Result<std::vector<Value>> read_selu(Node& node) {
  constexpr float kScale = 1.0507009873554805f, kAlpha = 1.6732632423543772f;
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const zero, scalar(node, 0));
  NARROW_TRY(int const scale, scalar(node, kScale));
  NARROW_TRY(int const steep, scalar(node, kScale * kAlpha));
  NARROW_TRY(int const positive, node.add(kRelu, {}, {x}, "/positive"));
  NARROW_TRY(int const right, node.add(kMul, MulAttributes{}, {positive, scale}, "/right"));
  NARROW_TRY(int const negative, node.add(kMinimum, {}, {x, zero}, "/negative"));
  NARROW_TRY(int const bent, node.add(kElu, {}, {negative}, "/elu"));
  NARROW_TRY(int const left, node.add(kMul, MulAttributes{}, {bent, steep}, "/left"));
  return one(node.add(kAdd, AddAttributes{}, {right, left}));
}

/// max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
Result<std::vector<Value>> read_softplus(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const unit, scalar(node, 1));
  NARROW_TRY(int const positive, node.add(kRelu, {}, {x}, "/positive"));
  NARROW_TRY(int const magnitude, node.add(kAbs, {}, {x}, "/magnitude"));
  NARROW_TRY(int const falling, node.add(*find_op("NEG"), {}, {magnitude}, "/falling"));
  NARROW_TRY(int const power, node.add(kExp, {}, {falling}, "/exp"));
  NARROW_TRY(int const sum, node.add(kAdd, AddAttributes{}, {power, unit}, "/sum"));
  NARROW_TRY(int const rest, node.add(kLog, {}, {sum}, "/log"));
  return one(node.add(kAdd, AddAttributes{}, {positive, rest}));
}

/// x / (1 + |x|).
Result<std::vector<Value>> read_softsign(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NARROW_TRY(int const unit, scalar(node, 1));
  NARROW_TRY(int const magnitude, node.add(kAbs, {}, {x}, "/magnitude"));
  NARROW_TRY(int const sum, node.add(kAdd, AddAttributes{}, {magnitude, unit}, "/sum"));
  return one(node.add(kDiv, DivAttributes{}, {x, sum}));
}

constexpr NodeRule kActivationsRules[] = {
    {"Elu", read_activation, "ELU"},
    {"LeakyRelu", read_leaky_relu},
    {"LogSoftmax", read_activation, "LOG_SOFTMAX"},
    {"Relu", read_activation, "RELU"},
    {"Relu6", read_activation, "RELU6"},
    {"Selu", read_selu},
    {"Sigmoid", read_activation, "LOGISTIC"},
    {"Softmax", read_activation, "SOFTMAX"},
    {"Softplus", read_softplus},
    {"Softsign", read_softsign},
    {"Tanh", read_activation, "TANH"},
};

}  // namespace

std::span<const NodeRule> activation_rules() {
  return kActivationsRules;
}

}  // namespace narrow::graphdef
