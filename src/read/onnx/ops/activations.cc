// Activations: functions of one element, SOFTMAX and its kind.
#include "ops/activations/activations.h"

#include <array>
#include <cmath>
#include <limits>

#include "graph/attribute_type.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/composed.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

/// Names ops after a node.
class NodeOps final : public OpAdder {
 public:
  explicit NodeOps(Node& node) : node_(node) {}
  Result<int> add(const OpDef& def, Attributes attributes, std::vector<int> inputs, const std::string& part) override {
    return node_.net.add(def, std::move(attributes), std::move(inputs), node_.name() + part);
  }
  int scalar(float value) override { return node_.net.scalar(value); }

 private:
  Node& node_;
};

Status read_hard_sigmoid(Node& n) {
  const Value& x = n.in(0);
  float const alpha = n.real("alpha", 0.2F), beta = n.real("beta", 0.5F);
  NodeOps ops(n);
  return n.give(add_clipped_line(ops, x.tensor, alpha, beta), x.order);
}

Status read_leaky_relu(Node& n) {
  const Value& x = n.in(0);
  return n.give(n.net.add(kLeakyRelu, LeakyReluAttributes{n.real("alpha", 0.01F)}, {x.tensor}, n.name()), x.order);
}

Result<int> elu(Node& n, int x, float alpha) {
  NodeOps ops(n);
  return alpha == 1.0F ? n.net.add(kElu, {}, {x}, n.name()) : add_scaled_elu(ops, x, 1, alpha);
}
Status read_elu(Node& n) {
  return n.give(elu(n, n.in(0).tensor, n.real("alpha", 1.0F)), n.in(0).order);
}

/// gamma times ELU.
Status read_selu(Node& n) {
  float const alpha = n.real("alpha", 1.67326319217681884765625F), gamma = n.real("gamma", 1.05070102214813232421875F);
  NARROW_TRY(int const sum, elu(n, n.in(0).tensor, alpha));
  return n.give(n.net.add(kMul, MulAttributes{}, {sum, n.net.scalar(gamma)}, n.name()), n.in(0).order);
}

Status read_gelu(Node& n) {
  bool const tanh = n.text("approximate", "none") == "tanh";
  return n.give(n.net.add(kGelu, GeluAttributes{tanh}, {n.in(0).tensor}, n.name()), n.in(0).order);
}

/// x times a function of x.
template <const OpDef& kFunction>
Status read_gated(Node& n) {
  const Value& x = n.in(0);
  float const alpha = n.real("alpha", 1.0F);
  int from = x.tensor;
  if (alpha != 1.0F) {
    NARROW_TRY(from, n.net.add(kMul, MulAttributes{}, {from, n.net.scalar(alpha)}, n.name() + "/scaled"));
  }
  NARROW_TRY(int const gate, n.net.add(kFunction, {}, {from}, n.name() + "/gate"));
  return n.give(n.net.add(kMul, MulAttributes{}, {x.tensor, gate}, n.name()), x.order);
}

/// A function that has no attributes.
template <Result<int> (*kAdd)(OpAdder&, int)>
Status read_composed(Node& n) {
  NodeOps ops(n);
  return n.give(kAdd(ops, n.in(0).tensor), n.in(0).order);
}

Status read_prelu(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  NARROW_TRY(int slope, n.net.plain_tensor(n.in(1)));
  // Before operator set 7 slopes are one for each channel.
  if (Shape const s = n.net.at(slope).shape; n.opset < 7 && rank > 2 && s.rank() == 1 && s[0] == n.shape(0)[1]) {
    std::vector<int32_t> channels(static_cast<size_t>(rank) - 1, 1);
    channels[0] = s[0];
    NARROW_TRY(slope, n.net.reshaped(slope, channels, ""));
  }
  std::vector<int32_t> const dims = n.net.at(slope).shape.padded_to(std::max(rank, n.net.rank(n.in(1))));
  if (static_cast<int>(dims.size()) != rank) return not_here("slopes with more dimensions than the data");
  NARROW_TRY(slope, n.net.reshaped(slope, dims, ""));
  NARROW_TRY(slope, n.net.stored({slope, plain(rank)}, x.order));
  return n.give(n.net.add(kPrelu, {}, {x.tensor, slope}, n.name()), x.order);
}

/// A bound of Clip: the operand of newer operator sets, or the attribute of older ones; infinite where there is none.
Result<float> bound(Node& n, size_t operand, const char* attribute, float otherwise) {
  if (n.opset < 11) return n.real(attribute, otherwise);
  if (!n.has(operand)) return otherwise;
  NARROW_TRY(std::vector<float> const values, n.known_reals(operand, "bounds"));
  if (values.size() != 1) return fail(ErrorKind::bad_file, "a bound is not one number");
  return values[0];
}

Status clip_computed(Node& n) {
  const Value& x = n.in(0);
  int at = x.tensor;
  if (n.has(1)) {
    NARROW_TRY(at, n.net.add(kMaximum, {}, {at, n.in(1).tensor}, n.name()));
  }
  if (n.has(2)) {
    NARROW_TRY(at, n.net.add(kMinimum, {}, {at, n.in(2).tensor}, n.name()));
  }
  return n.give({at, x.order});
}

struct Clamp {
  float low, high;
  const OpDef* def;
};

Status read_clip(Node& n) {
  const Value& x = n.in(0);
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  constexpr float kLargest = std::numeric_limits<float>::max();
  bool const computed = (n.has(1) && !n.tensor(1).constant) || (n.has(2) && !n.tensor(2).constant);
  if (n.tensor(0).dtype != DType::float32 || computed) return clip_computed(n);
  NARROW_TRY(float low, bound(n, 1, "min", -kInfinite));
  NARROW_TRY(float high, bound(n, 2, "max", kInfinite));
  if (high >= kLargest) high = kInfinite;
  if (low <= -kLargest) low = -kInfinite;
  for (const Clamp& c :
       {Clamp{0, 6, &kRelu6}, Clamp{0, kInfinite, &kRelu}, Clamp{0, 1, &kRelu0To1}, Clamp{-1, 1, &kReluN1To1}})
    if (c.low == low && c.high == high) return n.give(n.net.add(*c.def, {}, {x.tensor}, n.name()), x.order);
  int at = x.tensor;
  if (low != -kInfinite) {
    NARROW_TRY(at, n.net.add(kMaximum, {}, {at, n.net.scalar(low)}, n.name()));
  }
  if (high != kInfinite) {
    NARROW_TRY(at, n.net.add(kMinimum, {}, {at, n.net.scalar(high)}, n.name()));
  }
  return n.give({at, x.order});
}

/// Along one axis since operator set 13; before, along all dimensions from the axis on.
template <const OpDef& kOp>
Status read_softmax(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  Attributes const attributes = kOp.attributes ? kOp.attributes->make() : Attributes{};
  NARROW_TRY(int const axis, n.axis(n.integer("axis", n.opset < 13 ? 1 : -1), std::max(rank, 1)));
  if (n.opset >= 13 || axis == rank - 1) {
    Order order = x.order;
    if (rank > 0) {
      std::erase(order, axis);
      order.push_back(axis);
    }
    NARROW_TRY(int const rows, n.net.stored(x, order));
    return n.give(n.net.add(kOp, attributes, {rows}, n.name()), order);
  }
  NARROW_TRY(int const whole, n.net.plain_tensor(x));
  Shape const shape = n.net.at(whole).shape;
  std::vector<int32_t> const dims(shape.dims().begin(), shape.dims().end());
  NARROW_TRY(int const rows,
             n.net.reshaped(
                 whole, {static_cast<int32_t>(shape.product(0, axis)), static_cast<int32_t>(shape.product(axis, rank))},
                 n.name() + "/rows"));
  NARROW_TRY(int const soft, n.net.add(kOp, attributes, {rows}, n.name() + "/soft"));
  return n.give_plain(n.net.reshaped(soft, dims, n.name()));
}

constexpr OpRow kRowsActivation[] = {
    {"Clip", read_clip, 1, 3},
    {"Elu", read_elu},
    {"Gelu", read_gelu},
    {"HardSigmoid", read_hard_sigmoid},
    {"LeakyRelu", read_leaky_relu},
    {"LogSoftmax", read_softmax<kLogSoftmax>},
    {"Mish", read_composed<add_mish>},
    {"PRelu", read_prelu, 2, 2},
    {"Selu", read_selu},
    {"Softmax", read_softmax<kSoftmax>},
    {"Softplus", read_composed<add_softplus>},
    {"Softsign", read_composed<add_softsign>},
    {"Swish", read_gated<kLogistic>},
};

}  // namespace

std::span<const OpRow> activation_rows() {
  return kRowsActivation;
}

}  // namespace narrow::onnx
