// Integers with scales: QuantizeLinear, DequantizeLinear and what the QLinear ops share.
#include <algorithm>
#include <cmath>

#include "ops/conversions/conversions.h"
#include "read/onnx/op_table.h"
#include "read/onnx/ops/quantized.h"

namespace narrow::onnx {
namespace {

template <class T>
std::vector<int64_t> whole(const Tensor& t) {
  auto const values = t.values<T>();
  return {values.begin(), values.end()};
}

Result<std::vector<int64_t>> integers_of(const Tensor& t) {
  switch (t.dtype) {
    case DType::int8:
      return whole<int8_t>(t);
    case DType::uint8:
      return whole<uint8_t>(t);
    case DType::int16:
      return whole<int16_t>(t);
    case DType::int32:
      return whole<int32_t>(t);
    default:
      return not_here(std::string("integers of type ") + to_string(t.dtype));
  }
}

/// A constant of integers as the floats that they stand for; the integers stay beside it.
Result<int> dequantized(Node& n, int tensor, const Quantization& q) {
  Tensor t = n.net.at(tensor);
  NARROW_TRY(std::vector<int64_t> const values, integers_of(t));
  t.quantization = q;
  int64_t const inner = q.per_axis() ? t.shape.product(q.axis + 1, t.shape.rank()) : 1;
  std::vector<float> reals(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    size_t const c = q.per_axis() ? static_cast<size_t>(static_cast<int64_t>(i) / inner % t.shape[q.axis]) : 0;
    reals[i] = static_cast<float>(values[i] - (q.zero_points.empty() ? 0 : q.zero_points[c])) * q.scales[c];
  }
  Tensor real = t;
  real.name = n.name();
  real.dtype = DType::float32;
  real.quantization = {};
  real.data = SharedBytes::copy_of(std::span<const float>(reals));
  int const stored = n.net.constant(std::move(t));
  int const out = n.net.constant(std::move(real));
  n.net.keep_integers(out, stored);
  return out;
}

Quantization moved(Quantization q, const Order& order) {
  if (q.per_axis()) q.axis = place(order, q.axis);
  return q;
}

Status read_dequantize(Node& n) {
  if (n.integer("block_size", 0) != 0) return not_here("scales of blocks");
  n.ignore("output_dtype");
  NARROW_TRY(Quantization q, quantization_of(n, 1, 2, n.integer("axis", 1)));
  const Value& x = n.in(0);
  if (q.per_axis() && q.scales.size() != static_cast<size_t>(n.shape(0)[q.axis]))
    return fail(ErrorKind::bad_file, "there are not as many scales as the axis is long");
  q = moved(std::move(q), x.order);
  if (n.tensor(0).constant) return n.give(dequantized(n, x.tensor, q), x.order);
  if (n.tensor(0).dtype == DType::int32) return not_here("int32 data that is computed");
  NARROW_CHECK(take_quantization(n, 0, 1, 2, n.integer("axis", 1)));
  return n.give(n.net.add(kDequantize, {}, {x.tensor}, n.name(), DType::float32), x.order);
}

Status read_quantize(Node& n) {
  if (n.integer("block_size", 0) != 0) return not_here("scales of blocks");
  n.ignore("saturate");
  n.ignore("precision");
  int64_t const to = n.integer("output_dtype", 0);
  NARROW_TRY(Quantization const q, quantization_of(n, 1, 2, n.integer("axis", 1)));
  DType const dtype = n.has(2) ? n.tensor(2).dtype : to == 3 ? DType::int8 : to == 5 ? DType::int16 : DType::uint8;
  const Value& x = n.in(0);
  return n.give(n.net.add(kQuantize, {}, {x.tensor}, n.name(), dtype, moved(q, x.order)), x.order);
}

/// x, its scale and zero point, the result's scale and zero point.
Status read_qlinear_unary(Node& n) {
  return read_through_floats(n, n.row.as, {0}, 3);
}
/// Two such operands.
Status read_qlinear_binary(Node& n) {
  return read_through_floats(n, n.row.as, {0, 3}, 6);
}
/// Behind the result's scale and zero point any number of them.
Status read_qlinear_concat(Node& n) {
  std::vector<size_t> operands;
  for (size_t i = 2; i + 2 < n.inputs() + 1; i += 3) operands.push_back(i);
  return read_through_floats(n, "Concat", operands, 0);
}

constexpr const char* kMicrosoft = "com.microsoft";

constexpr OpRow kRowsQuantization[] = {
    {"QLinearAdd", read_qlinear_binary, 7, 8, "Add", kMicrosoft},
    {"QLinearAveragePool", read_qlinear_unary, 4, 5, "AveragePool", kMicrosoft},
    {"QLinearConcat", read_qlinear_concat, 5, kAnyInputs, nullptr, kMicrosoft},
    {"QLinearGlobalAveragePool", read_qlinear_unary, 4, 5, "GlobalAveragePool", kMicrosoft},
    {"QLinearLeakyRelu", read_qlinear_unary, 4, 5, "LeakyRelu", kMicrosoft},
    {"QLinearMul", read_qlinear_binary, 7, 8, "Mul", kMicrosoft},
    {"QLinearSigmoid", read_qlinear_unary, 4, 5, "Sigmoid", kMicrosoft},
    {"QLinearSoftmax", read_qlinear_unary, 4, 5, "Softmax", kMicrosoft},
    {"DequantizeLinear", read_dequantize, 2, 3, nullptr, kMicrosoft},
    {"QuantizeLinear", read_quantize, 2, 3, nullptr, kMicrosoft},
    {"DequantizeLinear", read_dequantize, 2, 3},
    {"QuantizeLinear", read_quantize, 2, 3},
};

}  // namespace

Result<Quantization> quantization_of(Node& n, size_t scale, size_t zero_point, int64_t axis) {
  NARROW_TRY(std::vector<float> scales, n.known_reals(scale, "scales"));
  if (scales.empty()) return fail(ErrorKind::bad_file, "there is no scale");
  for (float s : scales)
    if (!(s > 0) || !std::isfinite(s)) return fail(ErrorKind::bad_file, "a scale is not positive and finite");
  Quantization q;
  q.scales = std::move(scales);
  q.zero_points.assign(q.scales.size(), 0);
  if (n.has(zero_point)) {
    if (!n.tensor(zero_point).constant) return not_here("zero points that are computed");
    NARROW_TRY(q.zero_points, integers_of(n.tensor(zero_point)));
    if (q.zero_points.size() != q.scales.size())
      return fail(ErrorKind::bad_file, "there are not as many zero points as scales");
  }
  if (q.per_axis()) {
    NARROW_TRY(q.axis, n.axis(axis, n.shape(0).rank()));
  }
  return q;
}

Status take_quantization(Node& n, size_t data, size_t scale, size_t zero_point, int64_t axis) {
  NARROW_TRY(Quantization q, quantization_of(n, scale, zero_point, 0));
  const Value& v = n.in(data);
  if (q.per_axis()) {
    NARROW_TRY(q.axis, n.axis(axis, n.shape(data).rank()));
    if (q.scales.size() != static_cast<size_t>(n.shape(data)[q.axis]))
      return fail(ErrorKind::bad_file, "there are not as many scales as the axis is long");
  }
  q = moved(std::move(q), v.order);
  Tensor& t = n.net.builder().at(v.tensor);
  if (t.quantization.present() && !(t.quantization == q))
    return not_here("integers that nodes read with different scales");
  t.quantization = std::move(q);
  return {};
}

Result<int> integer_bias(Node& n, size_t operand, const Quantization& data, const Quantization& weights) {
  Tensor t = n.tensor(operand);
  if (!t.constant || t.dtype != DType::int32) return not_here("a bias that is no constant of int32");
  t.quantization = {};
  for (float s : weights.scales) t.quantization.scales.push_back(data.scale() * s);
  t.quantization.zero_points.assign(t.quantization.scales.size(), 0);
  if (weights.per_axis() && t.elements() != static_cast<int64_t>(weights.scales.size()))
    return fail(ErrorKind::bad_file, "the bias does not have one value for each scale");
  return n.net.constant(std::move(t));
}

Status read_through_floats(Node& n, const char* type, const std::vector<size_t>& operands, size_t scale) {
  if (n.integer("channels_last", 0) != 0) return not_here("channels_last");
  std::vector<Value> floats;
  for (size_t i : operands) {
    if (!n.has(i)) return fail(ErrorKind::bad_file, "operand " + std::to_string(i) + " is left out");
    const Value& x = n.in(i);
    std::string const name = n.name() + "/real" + std::to_string(i);
    int real = kNoTensor;
    if (n.tensor(i).constant) {
      NARROW_TRY(Quantization const q, quantization_of(n, i + 1, i + 2, 1));
      if (q.per_axis()) return not_here("a scale for each channel of a constant operand");
      NARROW_TRY(real, dequantized(n, x.tensor, q));
    } else {
      NARROW_CHECK(take_quantization(n, i, i + 1, i + 2, 1));
      NARROW_TRY(real, n.net.add(kDequantize, {}, {x.tensor}, name, DType::float32));
    }
    floats.push_back({real, x.order});
  }
  NARROW_TRY(Quantization const q, quantization_of(n, scale, scale + 1, 1));
  DType const dtype = n.has(scale + 1) ? n.tensor(scale + 1).dtype : DType::uint8;
  auto const version = static_cast<int>(n.integer("opset", 13));
  Node inner = n.as(*find_row("", type), version, std::move(floats), "/float");
  inner.ignore("channels_last");
  inner.ignore("opset");
  NARROW_CHECK(inner.row.read(inner));
  if (std::string const unread = inner.unread_attribute(); !unread.empty())
    return not_here("attribute '" + unread + "'");
  n.ignore_all();
  Value const v = inner.results()[0];
  return n.give(n.net.add(kQuantize, {}, {v.tensor}, n.name(), dtype, moved(q, v.order)), v.order);
}

std::span<const OpRow> quantization_rows() {
  return kRowsQuantization;
}

}  // namespace narrow::onnx
