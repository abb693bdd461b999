// Sources: TFLite's and TFLM's reference kernels, for how they make multipliers of scales.
#include "ops/recurrent/fused_lstm_integer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ops/integer/quantized.h"
#include "ops/integer/tables.h"
#include "ops/recurrent/recurrent.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/lstm.h"
}

namespace narrow {
namespace {

constexpr float kGateScale = 0x1p-12f;           // of the sums of a gate
constexpr int kLeastCell = -15, kMostCell = -9;  // exponents of the cell state's scale
constexpr size_t kHiddenInside = 4;              // among Op::intermediates

/// What a runtime does with LSTMs of integers.
struct LstmForm {
  bool fixed_point = false;    // nw_lstm_params::fixed_point
  bool float_ratio = false;    // it makes factors of scales in float32, not in float64
  bool hidden_inside = false;  // it takes that scale of Op::intermediates without a projection, too
  bool plain_only = false;     // no coupled gates, peepholes and projections
  bool int8_only = false;      // no 16-bit data
  bool out_peepholes = false;  // it applies as many of a gate's peepholes as there are results, not cells
};
constexpr LstmForm kLiteRtLstm{
    .fixed_point = true, .float_ratio = true, .hidden_inside = true, .int8_only = true, .out_peepholes = true};
constexpr ByProfile<LstmForm> kLstmForms{.tflm = {.plain_only = true}, .litert = kLiteRtLstm, .xnnpack = kLiteRtLstm};

/// Makes the parameters of the kernel of an op.
class LstmParams {
 public:
  LstmParams(const OpView& op, const FusedLstm& l, const LstmForm& form)
      : op_(op), l_(l), form_(form), wide_(op.input(0).dtype == DType::int16) {}

  Status check() const {
    auto const& a = op_.attributes<UnidirectionalSequenceLstmAttributes>();
    if (l_.norm) return fail(ErrorKind::unsupported, "layer normalization in integers");
    if (l_.diagonal) return fail(ErrorKind::unsupported, "diagonal recurrent weights in integers");
    if (a.cell_activation != Activation::tanh)
      return fail(ErrorKind::unsupported, "another activation than tanh in integers");
    if (form_.plain_only && (l_.coupled || l_.peephole || l_.projection))
      return fail(ErrorKind::unsupported, "the runtime has no coupled gates, peepholes and projections");
    if (form_.int8_only && wide_) return fail(ErrorKind::unsupported, "the runtime has no LSTM of 16-bit data");
    if (form_.out_peepholes && l_.peephole && l_.out != l_.cells)
      return fail(ErrorKind::unsupported,
                  "the runtime lacks peepholes beside a projection to another size, in integers");
    NARROW_CHECK(check_quantized(op_.input(0)));
    for (size_t gate = l_.coupled ? 1 : 0; gate < 4; ++gate) {
      NARROW_CHECK(check_constant(kFusedKernels + gate, DType::int8));
      NARROW_CHECK(check_constant(kFusedRecurrents + gate, DType::int8));
      NARROW_CHECK(check_bias(kFusedBiases + gate));
      size_t const peephole = kFusedGates[gate].peephole;
      if (l_.peephole && peephole != kNoPeephole)
        NARROW_CHECK(check_constant(kFusedPeepholes + peephole, DType::int16));
    }
    if (l_.projection) NARROW_CHECK(check_constant(kFusedProjection, DType::int8));
    if (l_.projection_bias) NARROW_CHECK(check_bias(kFusedProjectionBias));
    NARROW_CHECK(check_state(kFusedHidden, "hidden state", op_.input(0).dtype));
    NARROW_CHECK(check_state(kFusedCell, "cell state", DType::int16));
    if (op_.output().dtype != op_.input(0).dtype)
      return fail(ErrorKind::unsupported, "its result is " + std::string(to_string(op_.output().dtype)));
    NARROW_CHECK(check_quantized(op_.output()));
    if ((l_.projection || form_.hidden_inside) && !inner())
      return fail(ErrorKind::unsupported, "its intermediate 4, of the hidden state, has no scale");
    return {};
  }

  Result<Step> step() {
    auto const& a = op_.attributes<UnidirectionalSequenceLstmAttributes>();
    nw_lstm_params p{};
    p.batch = l_.sizes.batch;
    p.time = l_.sizes.time;
    p.batch_step = a.time_major ? 1 : p.time;
    p.time_step = a.time_major ? p.batch : 1;
    p.input_c = l_.sizes.in;
    p.cells = l_.cells;
    p.output_c = l_.out;
    float const cell = op_.input(kFusedCell).quantization.scale();
    int exponent = 0;
    if (std::frexp(cell, &exponent) != 0.5F || exponent - 1 < kLeastCell || exponent - 1 > kMostCell)
      return fail(ErrorKind::unsupported,
                  "the scale " + std::to_string(cell) + " of its cell state is no power of two from 2^-15 to 2^-9");
    p.cell_bits = exponent - 1 + 15;
    p.cell_clip = a.cell_clip > 0 ? static_cast<int32_t>(std::min(a.cell_clip / cell, 32767.0F)) : -1;
    if (form_.fixed_point && p.cell_clip == 0) p.cell_clip = -1;
    p.fixed_point = form_.fixed_point ? 1 : 0;
    for (size_t gate = l_.coupled ? 1 : 0; gate < 4; ++gate) NARROW_CHECK(add_gate(p, gate));
    NARROW_CHECK(add_result(p));
    return call(p);
  }

 private:
  const Quantization& hidden() const { return op_.input(kFusedHidden).quantization; }

  /// The scale and zero point inside of the op of what the cells give; null where the file says none.
  const Quantization* inner() const {
    const std::vector<int>& inside = op_.op.intermediates;
    if (inside.size() <= kHiddenInside || inside[kHiddenInside] == kNoTensor) return nullptr;
    const Quantization& q = op_.graph.tensor(inside[kHiddenInside]).quantization;
    return q.scales.size() == 1 && q.scale() > 0 ? &q : nullptr;
  }

  Status check_constant(size_t operand, DType dtype) const {
    const Tensor& t = op_.input(operand);
    if (!t.constant || t.opaque) return fail(ErrorKind::unsupported, "'" + t.name + "' is computed, not constant");
    if (t.dtype != dtype)
      return fail(ErrorKind::unsupported,
                  "'" + t.name + "' holds " + to_string(t.dtype) + " where " + to_string(dtype) + " is needed");
    NARROW_CHECK(check_one_scale(t));
    if (t.quantization.zero_point() != 0)
      return fail(ErrorKind::unsupported, "'" + t.name + "' has a zero point other than 0");
    return {};
  }

  Status check_bias(size_t operand) const {
    const Tensor& t = op_.input(operand);
    if (!t.constant || t.opaque) return fail(ErrorKind::unsupported, "'" + t.name + "' is computed, not constant");
    DType const wanted = wide_ ? DType::int64 : DType::int32;
    if (t.dtype == wanted) return {};
    return fail(ErrorKind::unsupported,
                "the bias '" + t.name + "' is " + std::string(to_string(t.dtype)) + ", not " + to_string(wanted));
  }

  Status check_state(size_t operand, const std::string& what, DType dtype) const {
    if (!op_.has_input(operand)) return fail(ErrorKind::unsupported, "it has no " + what + ", whose scale it needs");
    const Tensor& t = op_.input(operand);
    if (t.dtype != dtype)
      return fail(ErrorKind::unsupported,
                  "its " + what + " is " + to_string(t.dtype) + " where " + to_string(dtype) + " is needed");
    NARROW_CHECK(check_quantized(t));
    if (t.variable) return {};
    auto const zero = t.quantization.zero_point();
    auto const all_zero = [&](auto values) {
      return std::all_of(values.begin(), values.end(), [&](auto v) { return v == zero; });
    };
    bool const zeros =
        t.constant && (dtype == DType::int8 ? all_zero(t.values<int8_t>()) : all_zero(t.values<int16_t>()));
    return zeros ? Status() : fail(ErrorKind::unsupported, "its " + what + " is neither a variable nor zeros");
  }

  int64_t bias_of(size_t operand, size_t i) const {
    const Tensor& t = op_.input(operand);
    return t.dtype == DType::int64 ? t.values<int64_t>()[i] : t.values<int32_t>()[i];
  }

  /// Appends to `to`, for each row of weights, what a zero point contributes to its sum, and the bias. The largest
  /// magnitude that a sum can have; unsupported where it leaves the sums' type.
  Result<int64_t> add_biases(size_t weights, std::optional<size_t> bias, const Tensor& data, std::vector<int64_t>& to) {
    const Tensor& w = op_.input(weights);
    auto const values = w.values<int8_t>();
    auto const columns = static_cast<size_t>(w.shape[1]);
    int64_t const zero = data.quantization.zero_point();
    IntegerInterval const range = integer_range(data.dtype);
    int64_t most = 0;
    for (size_t row = 0; row < static_cast<size_t>(w.shape[0]); ++row) {
      int64_t sum = 0, magnitudes = 0;
      for (int8_t v : values.subspan(row * columns, columns)) {
        sum += v;
        magnitudes += std::abs(v);
      }
      int64_t const given = bias ? bias_of(*bias, row) : 0;
      if (std::abs(given) >= int64_t{1} << 46) return fail(ErrorKind::unsupported, "a bias beyond 2^46");
      to.push_back(given - zero * sum);
      most = std::max(most, std::abs(to.back()) + magnitudes * std::max<int64_t>(-range.lo, range.hi));
    }
    if (most >= int64_t{1} << (wide_ ? 47 : 31))
      return fail(ErrorKind::unsupported,
                  "sums that may reach " + std::to_string(most) + ", beyond " + (wide_ ? "2^47" : "2^31"));
    return most;
  }

  /// The multiplier of sums that reach `most`.
  Result<Multiplier> sum_multiplier(double factor, int64_t most) const {
    if (!wide_) return multiplier_for(factor, most);
    Multiplier const m = quantize_multiplier(factor);
    if (m.shift > 14) return fail(ErrorKind::unsupported, "a factor of " + std::to_string(factor) + " for 16-bit data");
    return m;
  }

  Status add_gate(nw_lstm_params& p, size_t gate) {
    const Tensor &x = op_.input(0), &h = op_.input(kFusedHidden);
    biases_.resize(gate * static_cast<size_t>(l_.cells));
    hidden_biases_.resize(biases_.size());
    auto const factor = [&](size_t weights, float scale) {
      float const of = op_.input(weights).quantization.scale();
      double const product =
          form_.float_ratio ? static_cast<double>(of * scale) : static_cast<double>(of) * static_cast<double>(scale);
      return product / static_cast<double>(kGateScale);
    };
    size_t const kernel = kFusedKernels + gate, recurrent = kFusedRecurrents + gate;
    NARROW_TRY(int64_t const most, add_biases(kernel, kFusedBiases + gate, x, biases_));
    NARROW_TRY(Multiplier const data, sum_multiplier(factor(kernel, x.quantization.scale()), most));
    p.input_multiplier[gate] = data.value;
    p.input_shift[gate] = data.shift;
    NARROW_TRY(int64_t const most_hidden, add_biases(recurrent, std::nullopt, h, hidden_biases_));
    NARROW_TRY(Multiplier const of_hidden, sum_multiplier(factor(recurrent, hidden().scale()), most_hidden));
    p.hidden_multiplier[gate] = of_hidden.value;
    p.hidden_shift[gate] = of_hidden.shift;
    size_t const at = kFusedGates[gate].peephole;
    if (!l_.peephole || at == kNoPeephole) return {};
    const Tensor& weights = op_.input(kFusedPeepholes + at);
    peepholes_.resize(4 * static_cast<size_t>(l_.cells));
    auto const values = weights.values<int16_t>();
    std::copy(values.begin(), values.end(), peepholes_.begin() + static_cast<std::ptrdiff_t>(gate) * l_.cells);
    int64_t largest = 0;
    for (int16_t v : values) largest = std::max<int64_t>(largest, std::abs(int{v}));
    NARROW_TRY(
        Multiplier const m,
        multiplier_for(factor(kFusedPeepholes + at, op_.input(kFusedCell).quantization.scale()), largest * 32768));
    p.peephole_multiplier[gate] = m.value;
    p.peephole_shift[gate] = m.shift;
    return {};
  }

  /// What happens to what the cells give.
  Status add_result(nw_lstm_params& p) {
    const Quantization& given = l_.projection || form_.hidden_inside ? *inner() : hidden();
    double const ratio = form_.float_ratio ? static_cast<double>(0x1p-15F / given.scale() * 0x1p-15F)
                                           : 0x1p-30 / static_cast<double>(given.scale());
    NARROW_TRY(Multiplier const m, multiplier_for(ratio, int64_t{1} << 30));
    p.output_multiplier = m.value;
    p.output_shift = m.shift;
    // LiteRT takes the zero point before a projection for its negative; all follow it.
    p.given_zero_point = static_cast<int32_t>(l_.projection ? -given.zero_point() : given.zero_point());
    p.hidden_zero_point = hidden().zero_point();
    if (!l_.projection) return {};
    Tensor of_cells;
    of_cells.dtype = op_.input(0).dtype;
    of_cells.quantization = Quantization::of(given.scale(), p.given_zero_point);
    std::optional<size_t> const bias = l_.projection_bias ? std::optional(kFusedProjectionBias) : std::nullopt;
    NARROW_TRY(int64_t const most, add_biases(kFusedProjection, bias, of_cells, projection_biases_));
    float const scale = op_.input(kFusedProjection).quantization.scale() * given.scale() / hidden().scale();
    NARROW_TRY(Multiplier const projected, sum_multiplier(static_cast<double>(scale), most));
    p.projection_multiplier = projected.value;
    p.projection_shift = projected.shift;
    float const clip = op_.attributes<UnidirectionalSequenceLstmAttributes>().proj_clip;
    if (clip > 0)
      p.projection_clip =
          static_cast<int32_t>(std::min(clip / op_.output().quantization.scale(), wide_ ? 32767.0F : 127.0F));
    return {};
  }

  Step call(const nw_lstm_params& p) const {
    auto const at = [&](size_t index) { return op_.has_input(index) ? operand(index) : absent(); };
    auto const state = [&](size_t index) { return op_.input(index).variable ? operand(index) : absent(); };
    KernelCall call = kernel_call(wide_ ? kLstmI16 : kLstmI8, p, {operand(0)});
    for (size_t gate = 0; gate < 4; ++gate) call.arguments.push_back(at(kFusedKernels + gate));
    for (size_t gate = 0; gate < 4; ++gate) call.arguments.push_back(at(kFusedRecurrents + gate));
    auto const add_array = [&](const char* name, ElementType type, const auto& values) {
      call.arguments.push_back(values.empty() ? absent() : array(call.arrays.size()));
      if (!values.empty()) call.arrays.push_back(constant_array(name, type, values));
    };
    auto const add_sums = [&](const char* name, const std::vector<int64_t>& values) {
      if (wide_) return add_array(name, ElementType::i64, values);
      add_array(name, ElementType::i32, std::vector<int32_t>(values.begin(), values.end()));
    };
    add_sums("bias", biases_);
    add_sums("hidden_bias", hidden_biases_);
    add_array("peephole", ElementType::i16, peepholes_);
    call.arguments.push_back(at(kFusedProjection));
    add_sums("projection_bias", projection_biases_);
    call.arguments.insert(call.arguments.end(), {state(kFusedHidden), state(kFusedCell), result(), scratch()});
    call.scratch_bytes = 2 * (6 * int64_t{l_.cells} + l_.out);
    if (!form_.fixed_point) call.point("table", constant_array("table", ElementType::u16, squash_table()));
    return call_step(std::move(call));
  }

  const OpView& op_;
  const FusedLstm& l_;
  const LstmForm& form_;
  bool wide_;
  std::vector<int64_t> biases_, hidden_biases_, projection_biases_;
  std::vector<int16_t> peepholes_;
};

}  // namespace

Result<Step> lower_integer_lstm(const OpView& op, const FusedLstm& l, const ProfileDef& profile) {
  LstmParams params(op, l, kLstmForms[profile]);
  NARROW_CHECK(params.check());
  return params.step();
}

}  // namespace narrow
