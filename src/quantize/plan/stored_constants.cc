#include "quantize/plan/stored_constants.h"

#include <algorithm>
#include <cmath>

#include "graph/real_values.h"
#include "graph/unpacked.h"
#include "ops/conversions/conversions.h"
#include "ops/conversions/fake_quant.h"
#include "ops/def/attributes.h"
#include "ops/def/op_def.h"

namespace narrow {
namespace {

constexpr int kUnsignedZero = 128;  // the difference of uint8 and the equivalent int8

/// A uint8 constant as int8, all values and zero points less by 128; one of fewer bits as int8; others as they are.
Tensor widened(const Tensor& t) {
  Tensor out = unpacked(t);
  if (t.dtype == DType::uint8) {
    Bytes values(t.data.size());
    for (size_t i = 0; i < values.size(); ++i) values[i] = t.data.data()[i] ^ std::byte{kUnsignedZero};
    out.data = SharedBytes(std::move(values));
    out.quantization.zero_points.resize(t.quantization.scales.size(), 0);
    for (int64_t& z : out.quantization.zero_points) z -= kUnsignedZero;
    out.dtype = DType::int8;
  }
  return out;
}

template <class Int>
SharedBytes rounded(const Tensor& constant, const Tensor& to) {
  const Quantization& q = to.quantization;
  auto const inner = q.per_axis() ? static_cast<size_t>(to.shape.product(q.axis + 1, to.shape.rank())) : 1;
  auto const v = constant.values<float>();
  IntegerInterval const range = integer_range(to.dtype);
  std::vector<Int> out(v.size());
  for (size_t i = 0; i < v.size(); ++i) {
    size_t const c = q.per_axis() ? i / inner % q.scales.size() : 0;
    int64_t const zero = c < q.zero_points.size() ? q.zero_points[c] : 0;
    float const steps = std::round(v[i] / q.scales[c]) + static_cast<float>(zero);
    out[i] = static_cast<Int>(std::clamp(steps, static_cast<float>(range.lo), static_cast<float>(range.hi)));
  }
  return SharedBytes::copy_of(std::span<const Int>(out));
}

/// A float constant in the type and scales of `to`, ties rounded away from zero as runtimes do.
std::optional<Tensor> stored_as(const Tensor& constant, const Tensor& to) {
  if (!to.quantization.present() || constant.dtype != DType::float32) return std::nullopt;
  Tensor out = to;
  out.constant = true;
  if (to.dtype == DType::int8)
    out.data = rounded<int8_t>(constant, to);
  else if (to.dtype == DType::uint8)
    out.data = rounded<uint8_t>(constant, to);
  else if (to.dtype == DType::int16)
    out.data = rounded<int16_t>(constant, to);
  else
    return std::nullopt;
  return out;
}

/// A float constant as symmetric int8 with the scale of the FAKE_QUANT's grid, or, where values lie further from zero
/// than 127 steps, the scale at which the larger side of its range is represented.
std::optional<Tensor> fake_quantized(const Tensor& constant, const FakeQuantAttributes& a) {
  if (constant.dtype != DType::float32 || a.num_bits > 8 || !fake_quant_grid(a)) return std::nullopt;
  FakeQuantGrid const g = *fake_quant_grid(a);
  Tensor out = constant;
  out.dtype = DType::int8;
  auto const on_grid = [&](float v) {
    return std::clamp(std::round(v / g.scale), static_cast<float>(g.lo - g.zero_point),
                      static_cast<float>(g.hi - g.zero_point));
  };
  auto const values_in = constant.values<float>();
  bool const fits =
      std::all_of(values_in.begin(), values_in.end(), [&](float v) { return std::abs(on_grid(v)) <= 127; });
  int const steps = fits ? 127 : std::max(g.hi - g.zero_point, g.zero_point - g.lo);
  out.quantization =
      Quantization::of(g.scale * static_cast<float>(steps) / static_cast<float>(std::min(steps, 127)), 0);
  Bytes values(static_cast<size_t>(constant.elements()));
  for (size_t i = 0; i < values.size(); ++i) {
    float const q = std::round(constant.values<float>()[i] / g.scale) + static_cast<float>(g.zero_point);
    float const real =
        (std::clamp(q, static_cast<float>(g.lo), static_cast<float>(g.hi)) - static_cast<float>(g.zero_point)) *
        g.scale;
    float const step = std::round(real / out.quantization.scale());  // not within the range for what is no number
    values[i] = static_cast<std::byte>(static_cast<int8_t>(step > -127 ? std::min(step, 127.0f) : -127.0f));
  }
  out.data = SharedBytes(std::move(values));
  return out;
}

}  // namespace

StoredConstants::StoredConstants(const Model& model) : model_(model) {
  for (int g = 0; g < static_cast<int>(model.graphs.size()); ++g) {
    const Graph& graph = model.graphs[static_cast<size_t>(g)];
    for (const Op& op : graph.ops) {
      if (op.inputs.size() != 1 || op.outputs.size() != 1 || op.inputs[0] == kNoTensor || op.outputs[0] == kNoTensor)
        continue;
      const Tensor* from = behind({g, op.inputs[0]});
      if (!from || from->opaque) continue;
      TensorRef const to{g, op.outputs[0]};
      std::optional<Tensor> stored;
      if (conversion_of(op) == Conversion::quantize)
        stored = stored_as(*from, graph.tensor(op.outputs[0]));
      else if (conversion_of(op) == Conversion::dequantize && from->quantization.present() && !from->is_float() &&
               graph.tensor(op.outputs[0]).dtype == DType::float32)
        stored = widened(*from);
      else if (conversion_of(op) == Conversion::fake_quantize)
        stored = fake_quantized(*from, op.attributes.get<FakeQuantAttributes>());
      if (stored) restored_.insert_or_assign(to, std::move(*stored));
    }
  }
}

const Tensor* StoredConstants::behind(TensorRef tensor) const {
  if (auto const at = restored_.find(tensor); at != restored_.end()) return &at->second;
  const Tensor& t = model_.graphs[static_cast<size_t>(tensor.graph)].tensor(tensor.tensor);
  return t.constant ? &t : nullptr;
}

bool is_kept_weight(const Op& op, const Tensor& t) {
  const Quantization& q = t.quantization;
  if (t.dtype != DType::int8 || !t.constant || t.opaque || !q.present()) return false;
  if (std::any_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z != 0; })) return false;
  int const axis = op.def->quant.weight_axis;
  return !q.per_axis() || (q.axis == axis && static_cast<int64_t>(q.scales.size()) == t.shape[axis]);
}

bool has_real_values(const Tensor& t) {
  if (!t.constant || t.opaque) return false;
  switch (t.dtype) {
    case DType::float32:
    case DType::float16:
      return true;
    case DType::int8:
    case DType::int16:
    case DType::int32:
    case DType::int64:
    case DType::uint8:
      return t.quantization.present();
    default:
      return false;
  }
}

bool is_finite(const Tensor& t) {
  if (t.dtype != DType::float32) return is_finite(as_float_constant(t));
  auto const v = t.values<float>();
  return std::all_of(v.begin(), v.end(), [](float x) { return std::isfinite(x); });
}

Tensor as_float_constant(const Tensor& t) {
  Tensor out = t;
  out.dtype = DType::float32;
  out.quantization = {};
  auto const n = static_cast<size_t>(t.elements());
  Bytes values(n * sizeof(float));
  real_values(t, t.data.data(), {reinterpret_cast<float*>(values.data()), n});
  out.data = SharedBytes(std::move(values));
  return out;
}

std::optional<QuantParams> stored_params(const Tensor& t) {
  const Quantization& q = t.quantization;
  if (!q.present() || q.per_axis() || t.opaque) return std::nullopt;
  if (t.dtype == DType::uint8) return QuantParams{DType::int8, q.scale(), q.zero_point() - kUnsignedZero};
  if (t.dtype == DType::int8) return QuantParams{DType::int8, q.scale(), q.zero_point()};
  if (t.dtype == DType::int16 && q.zero_point() == 0) return QuantParams{DType::int16, q.scale(), 0};
  return std::nullopt;
}

std::optional<QuantParams> conversion_params(const Graph& graph, const Op& op, int bits) {
  if (conversion_of(op) == Conversion::quantize) return stored_params(graph.tensor(op.outputs[0]));
  if (conversion_of(op) == Conversion::dequantize) return stored_params(graph.tensor(op.inputs[0]));
  if (conversion_of(op) != Conversion::fake_quantize) return std::nullopt;
  const auto& a = op.attributes.get<FakeQuantAttributes>();
  auto const g = fake_quant_grid(a);
  if (!g) return std::nullopt;
  if (a.num_bits == 8) return QuantParams{DType::int8, g->scale, g->zero_point - kUnsignedZero};
  // Fewer than 8 bits become 8 even among 16-bit activations: they saturate at both ends as the op does.
  return activation_params({a.min, a.max}, a.num_bits < 8 ? 8 : bits);
}

}  // namespace narrow
