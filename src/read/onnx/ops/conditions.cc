// Functions that differ by ranges of their argument, and questions on elements.
#include <limits>

#include "ops/activations/activations.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/composed.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

/// Which elements lie beyond a number.
Result<int> compared(Node& n, const OpDef& how, int x, int with, const char* part) {
  return n.net.add(how, {}, {x, with}, n.name() + part, DType::boolean);
}

Result<int> chosen(Node& n, int condition, int then, int otherwise, const std::string& name) {
  return n.net.add(kSelectV2, {}, {condition, then, otherwise}, name, n.net.at(then).dtype);
}

Status read_is_nan(Node& n) {
  const Value& x = n.in(0);
  return n.give(n.net.add(kNotEqual, {}, {x.tensor, x.tensor}, n.name(), DType::boolean), x.order);
}

Status read_is_inf(Node& n) {
  const Value& x = n.in(0);
  bool const above = n.integer("detect_positive", 1) != 0, below = n.integer("detect_negative", 1) != 0;
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  if (!above && !below) return not_here("IsInf that looks for nothing");
  int data = x.tensor;
  if (above && below) {
    NARROW_TRY(data, n.net.add(kAbs, {}, {data}, n.name() + "/distance"));
  }
  int const end = n.net.scalar(above ? kInfinite : -kInfinite);
  return n.give(n.net.add(kEqual, {}, {data, end}, n.name(), DType::boolean), x.order);
}

Status read_xor(Node& n) {
  NARROW_TRY(Aligned const in, align(n, 2));
  return n.give(n.net.add(kNotEqual, {}, in.tensors, n.name(), DType::boolean), in.order);
}

/// max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0) is alpha times ELU of x / alpha.
Status read_celu(Node& n) {
  float const alpha = n.real("alpha", 1);
  if (alpha == 0) return fail(ErrorKind::bad_file, "alpha is 0");
  NARROW_TRY(int const part,
             n.net.add(kMul, MulAttributes{}, {n.in(0).tensor, n.net.scalar(1 / alpha)}, n.name() + "/scaled"));
  NARROW_TRY(int const elu, n.net.add(kElu, {}, {part}, n.name() + "/elu"));
  return n.give(n.net.add(kMul, MulAttributes{}, {elu, n.net.scalar(alpha)}, n.name()), n.in(0).order);
}

Status read_thresholded_relu(Node& n) {
  const Value& x = n.in(0);
  NARROW_TRY(int const above, compared(n, kGreater, x.tensor, n.net.scalar(n.real("alpha", 1)), "/above"));
  return n.give(chosen(n, above, x.tensor, n.net.scalar(0), n.name()), x.order);
}

/// Nearer to 0 by `bias`; 0 within `lambd`.
Status read_shrink(Node& n) {
  const Value& x = n.in(0);
  DType const dtype = n.tensor(0).dtype;
  float const bias = n.real("bias", 0), lambda = n.real("lambd", 0.5F);
  NARROW_TRY(int const zero, n.net.number(dtype, 0));
  if (dtype != DType::float32) return not_here(std::string("Shrink of ") + to_string(dtype));
  NARROW_TRY(int const above, compared(n, kGreater, x.tensor, n.net.scalar(lambda), "/above"));
  NARROW_TRY(int const below, compared(n, kLess, x.tensor, n.net.scalar(-lambda), "/below"));
  NARROW_TRY(int const less, n.net.add(kSub, SubAttributes{}, {x.tensor, n.net.scalar(bias)}, n.name() + "/less"));
  NARROW_TRY(int const more, n.net.add(kAdd, AddAttributes{}, {x.tensor, n.net.scalar(bias)}, n.name() + "/more"));
  NARROW_TRY(int const upper, chosen(n, above, less, zero, n.name() + "/upper"));
  return n.give(chosen(n, below, more, upper, n.name()), x.order);
}

constexpr OpRow kRowsCondition[] = {
    {"Celu", read_celu},
    {"IsInf", read_is_inf},
    {"IsNaN", read_is_nan},
    {"Shrink", read_shrink},
    {"ThresholdedRelu", read_thresholded_relu},
    {"Xor", read_xor, 2, 2},
};

}  // namespace

std::span<const OpRow> condition_rows() {
  return kRowsCondition;
}

}  // namespace narrow::onnx
