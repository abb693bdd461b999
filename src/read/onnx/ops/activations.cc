// Activations: functions of one element, SOFTMAX and its kind.
#include "ops/activations/activations.h"

#include <array>
#include <cmath>
#include <limits>

#include "graph/attribute_type.h"
#include "ops/arithmetic/arithmetic.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

Status read_hard_sigmoid(Node& n) {
  const Value& x = n.in(0);
  float const alpha = n.real("alpha", 0.2F), beta = n.real("beta", 0.5F);
  NARROW_TRY(int const scaled, n.net.add(kMul, MulAttributes{}, {x.tensor, n.net.scalar(alpha)}, n.name() + "/scaled"));
  NARROW_TRY(int const moved, n.net.add(kAdd, AddAttributes{}, {scaled, n.net.scalar(beta)}, n.name() + "/moved"));
  return n.give(n.net.add(kRelu0To1, {}, {moved}, n.name()), x.order);
}

Status read_leaky_relu(Node& n) {
  const Value& x = n.in(0);
  return n.give(n.net.add(kLeakyRelu, LeakyReluAttributes{n.real("alpha", 0.01F)}, {x.tensor}, n.name()), x.order);
}

/// max(x, 0) + alpha * (exp(min(x, 0)) - 1).
Result<int> elu(Node& n, int x, float alpha) {
  if (alpha == 1.0F) return n.net.add(kElu, {}, {x}, n.name());
  NARROW_TRY(int const up, n.net.add(kRelu, {}, {x}, n.name() + "/up"));
  NARROW_TRY(int const low, n.net.add(kMinimum, {}, {x, n.net.scalar(0)}, n.name() + "/low"));
  NARROW_TRY(int const curve, n.net.add(kElu, {}, {low}, n.name() + "/curve"));
  NARROW_TRY(int const scaled, n.net.add(kMul, MulAttributes{}, {curve, n.net.scalar(alpha)}, n.name() + "/scaled"));
  return n.net.add(kAdd, AddAttributes{}, {up, scaled}, n.name());
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

Status read_softsign(Node& n) {
  const Value& x = n.in(0);
  NARROW_TRY(int const size, n.net.add(kAbs, {}, {x.tensor}, n.name() + "/abs"));
  NARROW_TRY(int const more, n.net.add(kAdd, AddAttributes{}, {size, n.net.scalar(1)}, n.name() + "/more"));
  return n.give(n.net.add(kDiv, DivAttributes{}, {x.tensor, more}, n.name()), x.order);
}

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), which cannot overflow.
Result<int> softplus(Node& n, int x) {
  NARROW_TRY(int const up, n.net.add(kRelu, {}, {x}, n.name() + "/up"));
  NARROW_TRY(int const size, n.net.add(kAbs, {}, {x}, n.name() + "/abs"));
  NARROW_TRY(int const down, n.net.add(kMul, MulAttributes{}, {size, n.net.scalar(-1)}, n.name() + "/down"));
  NARROW_TRY(int const power, n.net.add(kExp, {}, {down}, n.name() + "/exp"));
  NARROW_TRY(int const more, n.net.add(kAdd, AddAttributes{}, {power, n.net.scalar(1)}, n.name() + "/more"));
  NARROW_TRY(int const log, n.net.add(kLog, {}, {more}, n.name() + "/log"));
  return n.net.add(kAdd, AddAttributes{}, {up, log}, n.name() + "/softplus");
}
Status read_softplus(Node& n) {
  return n.give(softplus(n, n.in(0).tensor), n.in(0).order);
}
Status read_mish(Node& n) {
  const Value& x = n.in(0);
  NARROW_TRY(int const plus, softplus(n, x.tensor));
  NARROW_TRY(int const gate, n.net.add(kTanh, {}, {plus}, n.name() + "/gate"));
  return n.give(n.net.add(kMul, MulAttributes{}, {x.tensor, gate}, n.name()), x.order);
}

Status read_prelu(Node& n) {
  const Value& x = n.in(0);
  int const rank = n.net.rank(x);
  NARROW_TRY(int slope, n.net.plain_tensor(n.in(1)));
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
    {"Mish", read_mish},
    {"PRelu", read_prelu, 2, 2},
    {"Selu", read_selu},
    {"Softmax", read_softmax<kSoftmax>},
    {"Softplus", read_softplus},
    {"Softsign", read_softsign},
    {"Swish", read_gated<kLogistic>},
};

}  // namespace

std::span<const OpRow> activation_rows() {
  return kRowsActivation;
}

}  // namespace narrow::onnx
