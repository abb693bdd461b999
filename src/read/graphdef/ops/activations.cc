// Activation functions.
#include "ops/activations/activations.h"

#include "ops/build/composed.h"
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

/// Names ops after a node.
class NodeOps final : public OpAdder {
 public:
  explicit NodeOps(Node& node) : node_(node) {}
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& part) override {
    return node_.add(def, std::move(attributes), std::move(inputs), part);
  }
  int scalar(float value) override {
    return node_.builder().constant({.name = node_.reading().names.take(node_.name() + "/constant")},
                                    std::vector{value});
  }

 private:
  Node& node_;
};

/// With the constants of self-normalizing networks.
Result<std::vector<Value>> read_selu(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NodeOps ops(node);
  return one(add_scaled_elu(ops, x, 1.0507009873554805f, 1.6732632423543772f));
}

/// A function that has no attributes.
template <Result<int> (*kAdd)(OpAdder&, int)>
Result<std::vector<Value>> read_composed(Node& node) {
  NARROW_TRY(int const x, node.tensor(0));
  NodeOps ops(node);
  return one(kAdd(ops, x));
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
    {"Softplus", read_composed<add_softplus>},
    {"Softsign", read_composed<add_softsign>},
    {"Tanh", read_activation, "TANH"},
};

}  // namespace

std::span<const NodeRule> activation_rules() {
  return kActivationsRules;
}

}  // namespace narrow::graphdef
