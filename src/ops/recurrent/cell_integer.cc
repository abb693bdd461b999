#include "ops/recurrent/cell_integer.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "graph/unpacked.h"
#include "ops/integer/bias_steps.h"
#include "ops/integer/quantized.h"
#include "ops/integer/tables.h"

namespace narrow {
namespace {

bool is_power_of_two(double scale) {
  int exponent = 0;
  return scale > 0 && std::frexp(scale, &exponent) == 0.5;
}

/// The scales of the rows of weights.
Result<std::vector<float>> row_scales(const Tensor& t) {
  const Quantization& q = t.quantization;
  auto const refused = [&](const std::string& what) {
    return fail(ErrorKind::unsupported, "'" + t.name + "' " + what);
  };
  if (!t.constant || t.opaque) return refused("is computed, not constant");
  if (!q.present()) return refused("holds integers without a scale");
  if (std::any_of(q.zero_points.begin(), q.zero_points.end(), [](int64_t z) { return z != 0; }))
    return refused("has a zero point other than 0");
  auto const rows = static_cast<size_t>(t.shape[0]);
  if (!q.per_axis()) return std::vector<float>(rows, q.scale());
  if (q.axis != 0 || q.scales.size() != rows) return refused("has scales along another dimension than its rows");
  return q.scales;
}

/// Of a row of weights.
struct RowSums {
  int64_t sum = 0, magnitudes = 0;
};

template <class Weight>
std::vector<RowSums> row_sums(const Tensor& w) {
  auto const values = w.values<Weight>();
  std::vector<RowSums> out(static_cast<size_t>(w.shape[0]));
  size_t const columns = values.size() / out.size();
  for (size_t i = 0; i < values.size(); ++i) {
    out[i / columns].sum += values[i];
    out[i / columns].magnitudes += std::abs(int64_t{values[i]});
  }
  return out;
}

/// The integers of a bias in steps of data of that scale times those of the last rows; nothing where it is left out.
Result<std::vector<int64_t>> steps_of_bias(const OpView& op, size_t operand, const Tensor& data,
                                           const std::vector<float>& rows) {
  const Tensor* const bias = op.maybe_input(operand);
  if (!bias) return std::vector<int64_t>();
  DType const usual = data.dtype == DType::int16 ? DType::int64 : DType::int32;
  if (!bias->constant || bias->opaque || (!op.op.arithmetic && bias->dtype != usual))
    return fail(ErrorKind::unsupported,
                "the bias '" + bias->name + "' is no constant of " + to_string(usual) + ", which this data needs");
  NARROW_TRY(std::vector<int64_t> values, bias_values(*bias));
  if (op.op.arithmetic) {
    std::vector<float> steps(rows.end() - static_cast<std::ptrdiff_t>(values.size()), rows.end());
    for (float& s : steps) s *= data.quantization.scale();
    NARROW_CHECK(shift_bias_to(steps, *bias, values));
  }
  for (int64_t v : values)
    if (std::abs(v) >= int64_t{1} << 46) return fail(ErrorKind::unsupported, "a bias beyond 2^46");
  return values;
}

/// The shift at which the largest of factors has 15 bits.
Result<int> right_of(double largest) {
  int exponent = 0;
  std::frexp(largest, &exponent);
  int const right = std::min(15 - exponent, 46);
  if (right < 1) return fail(ErrorKind::unsupported, "a factor of " + std::to_string(largest) + " for its sums");
  return right;
}

/// The slope and the offset of a function that is a straight line between two ends.
struct Ramp {
  double slope = 1, offset = 0, lo = -HUGE_VAL, hi = HUGE_VAL;
};

std::optional<Ramp> ramp_of(const CellActivation& a) {
  auto const alpha = static_cast<double>(a.alpha), beta = static_cast<double>(a.beta);
  switch (a.function) {
    case CellFunction::linear:
      return Ramp{};
    case CellFunction::relu:
      return Ramp{.lo = 0};
    case CellFunction::relu6:
      return Ramp{.lo = 0, .hi = 6};
    case CellFunction::relu_n1_to_1:
      return Ramp{.lo = -1, .hi = 1};
    case CellFunction::hard_sigmoid:
      return Ramp{alpha, beta, 0, 1};
    case CellFunction::affine:
      return Ramp{alpha, beta};
    default:
      return std::nullopt;
  }
}

int32_t in_16_bits(double v) {
  return static_cast<int32_t>(std::clamp(std::round(v), -32768.0, 32767.0));
}

Result<nw_cell_function> integer_ramp(const Ramp& ramp, double sums, double results) {
  double const slope = ramp.slope * sums / results, offset = ramp.offset / results;
  int right = 20;
  while (right > 0 && (std::fabs(std::ldexp(slope, right)) > 0x1p14 || std::fabs(std::ldexp(offset, right)) > 0x1p28))
    --right;
  if (!(std::fabs(std::ldexp(slope, right)) <= 0x1p14 && std::fabs(std::ldexp(offset, right)) <= 0x1p28))
    return fail(ErrorKind::unsupported, "a cell function that is too steep for 16 bits");
  nw_cell_function f{};
  f.kind = NW_CELL_RAMP;
  f.slope = static_cast<int32_t>(std::round(std::ldexp(slope, right)));
  f.offset = static_cast<int32_t>(std::round(std::ldexp(offset, right))) + (right > 0 ? 1 << (right - 1) : 0);
  f.right = right;
  f.lo = in_16_bits(ramp.lo / results);
  f.hi = in_16_bits(ramp.hi / results);
  return f;
}

}  // namespace

Result<double> inside_scale(const OpView& op, size_t i) {
  const std::vector<int>& inside = op.op.intermediates;
  if (i < inside.size() && inside[i] != kNoTensor) {
    const Quantization& q = op.graph.tensor(inside[i]).quantization;
    if (q.scales.size() == 1 && is_power_of_two(static_cast<double>(q.scale())) && q.zero_point() == 0)
      return static_cast<double>(q.scale());
  }
  return fail(ErrorKind::unsupported,
              "its intermediate " + std::to_string(i) + " has no scale that is a power of two, with zero point 0");
}

Result<double> sums_scale(const OpView& op, CellFunction function, size_t inside) {
  if (is_squash(function)) return kSquashSums;
  return inside_scale(op, inside);
}

Status check_values(const Tensor& t, DType dtype) {
  if (t.dtype != dtype)
    return fail(ErrorKind::unsupported, "'" + t.name + "' holds " + to_string(t.dtype) + " beside " + to_string(dtype));
  return check_quantized(t);
}

bool GateSums::has_biases() const {
  return std::any_of(biases.begin(), biases.end(), [](int64_t v) { return v != 0; });
}

Result<const Kernel*> cell_kernel(const OpView& op, const CellKernels& kernels, const Tensor& data, size_t weights,
                                  size_t recurrent) {
  bool const wide = data.dtype == DType::int16;
  if (const auto& stated = op.op.arithmetic;
      stated && (stated->accumulator_bits != (wide ? 64 : 32) || stated->rounding != RoundingRule::half_up))
    return fail(ErrorKind::unsupported, std::to_string(stated->accumulator_bits) + "-bit sums of " +
                                            to_string(data.dtype) + " data and the rounding " +
                                            to_string(stated->rounding));
  const Tensor &w = op.input(weights), &r = op.input(recurrent);
  if (r.dtype != w.dtype)
    return fail(ErrorKind::unsupported,
                "'" + r.name + "' holds " + to_string(r.dtype) + " beside " + to_string(w.dtype) + " weights");
  if (w.dtype == DType::int8) return wide ? &kernels.i16 : &kernels.i8;
  if (w.dtype == DType::int4) return wide ? &kernels.a16w4 : &kernels.a8w4;
  if (w.dtype == DType::int16 && wide) return &kernels.a16w16;
  return fail(ErrorKind::unsupported,
              std::string(to_string(data.dtype)) + " data with " + to_string(w.dtype) + " weights");
}

Result<GateSums> gate_sums(const OpView& op, const GateWeights& of, const Tensor& data) {
  const Tensor& w = op.input(of.weights);
  NARROW_TRY(std::vector<float> const scales, row_scales(w));
  bool const wide = data.dtype == DType::int16;
  NARROW_TRY(std::vector<int64_t> const bias, steps_of_bias(op, of.bias, data, scales));
  std::vector<RowSums> const sums = w.dtype == DType::int16 ? row_sums<int16_t>(w) : row_sums<int8_t>(unpacked(w));
  size_t const rows = scales.size(), each = rows / of.sums.size(), first = rows - bias.size();
  int64_t const zero = data.quantization.zero_point();
  IntegerInterval const range = integer_range(data.dtype);
  GateSums out{std::vector<int64_t>(rows), {}, {}};
  std::vector<double> factors(rows);
  for (size_t row = 0; row < rows; ++row) {
    out.biases[row] = (row >= first ? bias[row - first] : 0) - zero * sums[row].sum;
    int64_t const most = std::abs(out.biases[row]) + sums[row].magnitudes * std::max<int64_t>(-range.lo, range.hi);
    if (most >= int64_t{1} << (wide ? 47 : 31))
      return fail(ErrorKind::unsupported,
                  "sums that may reach " + std::to_string(most) + ", beyond " + (wide ? "2^47" : "2^31"));
    factors[row] =
        static_cast<double>(data.quantization.scale()) * static_cast<double>(scales[row]) / of.sums[row / each];
    if (!(factors[row] * static_cast<double>(most) < 0x1p30 - 1))
      return fail(ErrorKind::unsupported, "sums that their scale may bring beyond 2^30");
  }
  for (size_t g = 0; g < of.sums.size(); ++g) {
    auto const from = factors.begin() + static_cast<std::ptrdiff_t>(g * each);
    NARROW_TRY(int const right, right_of(*std::max_element(from, from + static_cast<std::ptrdiff_t>(each))));
    out.rights.push_back(right);
    for (size_t row = g * each; row < (g + 1) * each; ++row)
      out.factors.push_back(static_cast<int16_t>(std::min(std::round(std::ldexp(factors[row], right)), 32767.0)));
  }
  return out;
}

Result<Multiplier> value_factor(double factor, double most) {
  if (!(factor >= 0 && factor * most < 0x1p30))
    return fail(ErrorKind::unsupported, "values that a factor of " + std::to_string(factor) + " may bring beyond 2^30");
  Multiplier const m = quantize_multiplier(factor);
  if (m.shift > 30) return fail(ErrorKind::unsupported, "a factor of " + std::to_string(factor));
  return m;
}

Result<nw_cell_function> integer_function(const CellActivation& activation, double sums, double results,
                                          std::vector<int16_t>& table) {
  if (auto const ramp = ramp_of(activation)) return integer_ramp(*ramp, sums, results);
  nw_cell_function f{};
  switch (activation.function) {
    case CellFunction::sigmoid:
      f.kind = NW_CELL_SIGMOID;
      return f;
    case CellFunction::tanh:
      f.kind = NW_CELL_TANH;
      return f;
    case CellFunction::thresholded_relu:
      return fail(ErrorKind::unsupported, "a cell with thresholded_relu in integers");
    default:
      break;
  }
  f.kind = NW_CELL_TABLE;
  Table16 const made = interpolation_table16<double>(sums, 0, results, 0, [&](double x) {
    auto v = static_cast<float>(x);
    apply(activation, &v, 1);
    return static_cast<double>(v);
  });
  table.assign(made.begin(), made.end());
  return f;
}

Result<nw_cell_function> gate_function(const CellActivation& activation, double sums, std::vector<int16_t>& table) {
  switch (activation.function) {
    case CellFunction::sigmoid:
    case CellFunction::tanh:
    case CellFunction::hard_sigmoid:
    case CellFunction::softsign:
    case CellFunction::relu_n1_to_1:
      return integer_function(activation, sums, kSquashResults, table);
    default:
      return fail(ErrorKind::unsupported,
                  std::string("gates with ") +
                      EnumNames<CellFunction>::kNames[static_cast<size_t>(activation.function)] +
                      ", whose values leave [-1, 1], in integers");
  }
}

int32_t sums_limit(float clip, double scale) {
  if (!(clip > 0)) return 32767;
  return static_cast<int32_t>(std::clamp(std::floor(static_cast<double>(clip) / scale), 1.0, 32767.0));
}

ConstantArray bias_array(const char* name, const std::vector<int64_t>& values, DType data) {
  if (data == DType::int16) return constant_array(name, ElementType::i64, values);
  return constant_array(name, ElementType::i32, std::vector<int32_t>(values.begin(), values.end()));
}

}  // namespace narrow
