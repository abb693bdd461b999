// Sources: TFLite's and TFLM's reference kernels, for how they make multipliers of scales.
#include "ops/recurrent/fused_lstm_integer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "graph/unpacked.h"
#include "ops/integer/bias_steps.h"
#include "ops/integer/own_arithmetic.h"
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
constexpr int64_t kMostLstmBias = int64_t{1} << 46;

/// What a runtime does with LSTMs of integers.
struct LstmForm {
  bool fixed_point = false;    // nw_lstm_params::fixed_point
  bool float_ratio = false;    // it makes factors of scales in float32, not in float64
  bool hidden_inside = false;  // it takes that scale of Op::intermediates without a projection, too
  bool plain_only = false;     // no coupled gates, peepholes and projections
  bool int8_only = false;      // no 16-bit data
  bool int8_weights = false;   // no weights of 4 and 16 bits
  bool out_peepholes = false;  // it applies as many of a gate's peepholes as there are results, not cells
};
constexpr LstmForm kLiteRtLstm{.fixed_point = true,
                               .float_ratio = true,
                               .hidden_inside = true,
                               .int8_only = true,
                               .int8_weights = true,
                               .out_peepholes = true};
constexpr ByProfile<LstmForm> kLstmForms{
    .tflm = {.plain_only = true, .int8_weights = true}, .litert = kLiteRtLstm, .xnnpack = kLiteRtLstm};

/// The kernel of an op, by the types of its data and its weights; null where there is none.
const Kernel* fused_lstm_kernel(DType data, DType weights) {
  if (weights == DType::int8) return data == DType::int8 ? &kLstmI8 : &kLstmI16;
  if (weights == DType::int4) return data == DType::int8 ? &kLstmA8W4 : &kLstmA16W4;
  return weights == DType::int16 && data == DType::int16 ? &kLstmA16W16 : nullptr;
}

/// Makes the parameters of the kernel of an op.
class LstmParams {
 public:
  LstmParams(const OpView& op, const FusedLstm& l, const ProfileDef& profile)
      : op_(op),
        l_(l),
        form_(kLstmForms[profile]),
        own_(own_arithmetic(op, profile)),
        wide_(op.input(0).dtype == DType::int16),
        weights_(op.input(kFusedKernels + 3).dtype),
        kernel_(fused_lstm_kernel(op.input(0).dtype, weights_)) {}

  Status check() const {
    auto const& a = op_.attributes<UnidirectionalSequenceLstmAttributes>();
    if (l_.diagonal) return fail(ErrorKind::unsupported, "diagonal recurrent weights in integers");
    if (a.cell_activation != Activation::tanh)
      return fail(ErrorKind::unsupported, "another activation than tanh in integers");
    if (form_.plain_only && (l_.coupled || l_.peephole || l_.projection || l_.norm))
      return fail(ErrorKind::unsupported,
                  "the runtime has no coupled gates, peepholes, projections and layer normalization");
    if (form_.int8_only && wide_) return fail(ErrorKind::unsupported, "the runtime has no LSTM of 16-bit data");
    if (form_.out_peepholes && l_.peephole && l_.out != l_.cells)
      return fail(ErrorKind::unsupported,
                  "the runtime lacks peepholes beside a projection to another size, in integers");
    NARROW_CHECK(check_quantized(op_.input(0)));
    if (!kernel_)
      return fail(ErrorKind::unsupported, std::string(to_string(op_.input(0).dtype)) + " data with " +
                                              to_string(weights_) + " weights: narrow has no such LSTM");
    if (form_.int8_weights && weights_ != DType::int8)
      return fail(ErrorKind::unsupported,
                  "the runtime has no LSTM with " + std::string(to_string(weights_)) + " weights");
    NARROW_CHECK(check_arithmetic());
    for (size_t gate = l_.coupled ? 1 : 0; gate < 4; ++gate) {
      NARROW_CHECK(check_constant(kFusedKernels + gate, weights_));
      NARROW_CHECK(check_constant(kFusedRecurrents + gate, weights_));
      NARROW_CHECK(check_bias(kFusedBiases + gate));
      size_t const peephole = kFusedGates[gate].peephole;
      if (l_.peephole && peephole != kNoPeephole)
        NARROW_CHECK(check_constant(kFusedPeepholes + peephole, DType::int16));
    }
    if (l_.norm) NARROW_CHECK(check_norm());
    if (l_.projection) NARROW_CHECK(check_constant(kFusedProjection, weights_));
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
    p.half_up = own_ && own_->rounding == RoundingRule::half_up ? 1 : 0;
    for (size_t gate = l_.coupled ? 1 : 0; gate < 4; ++gate) NARROW_CHECK(add_gate(p, gate));
    NARROW_CHECK(add_result(p));
    return call(p);
  }

 private:
  const Quantization& hidden() const { return op_.input(kFusedHidden).quantization; }

  /// The scale and zero point of a value inside of the op; null where the file says none.
  const Quantization* inside(size_t which) const {
    const std::vector<int>& listed = op_.op.intermediates;
    if (listed.size() <= which || listed[which] == kNoTensor) return nullptr;
    const Quantization& q = op_.graph.tensor(listed[which]).quantization;
    return q.scales.size() == 1 && q.scale() > 0 ? &q : nullptr;
  }

  /// Those of what the cells give.
  const Quantization* inner() const { return inside(kHiddenInside); }

  Status check_norm() const {
    constexpr int kMostCells = 4096;
    if (wide_ || own_) return fail(ErrorKind::unsupported, "layer normalization with other widths than int8");
    if (l_.cells > kMostCells)
      return fail(ErrorKind::unsupported, "layer normalization of more than 4096 cells in integers");
    for (size_t gate = l_.coupled ? 1 : 0; gate < 4; ++gate) {
      NARROW_CHECK(check_constant(kFusedNorms + gate, DType::int16));
      if (!inside(gate))
        return fail(ErrorKind::unsupported, "its intermediate " + std::to_string(gate) + ", of sums, has no scale");
      for (int64_t b : op_.input(kFusedBiases + gate).values<int32_t>())
        if (std::abs(b) > int64_t{1} << 30) return fail(ErrorKind::unsupported, "a bias beyond 2^30");
    }
    return {};
  }

  /// Sums have as many bits as the data's width asks for, and are rounded as TFLite does or once with ties up.
  Status check_arithmetic() const {
    if (!own_) return {};
    if (own_->accumulator_bits != (wide_ ? 64 : 32))
      return fail(ErrorKind::unsupported, std::to_string(own_->accumulator_bits) + "-bit sums of " +
                                              to_string(op_.input(0).dtype) + " data in an LSTM");
    if (own_->rounding != RoundingRule::half_up && own_->rounding != RoundingRule::twice)
      return fail(ErrorKind::unsupported, "the rounding " + std::string(to_string(own_->rounding)) + " in an LSTM");
    return {};
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
    if (own_ || t.dtype == wanted) return {};
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

  /// The integers of a bias, in steps of the scale of the data times that of the weights.
  Result<std::vector<int64_t>> bias_of(size_t operand, float step) const {
    NARROW_TRY(std::vector<int64_t> values, bias_values(op_.input(operand)));
    if (own_) NARROW_CHECK(shift_bias_to({step}, op_.input(operand), values));
    for (int64_t v : values)
      if (v <= -kMostLstmBias || v >= kMostLstmBias) return fail(ErrorKind::unsupported, "a bias beyond 2^46");
    return values;
  }

  /// Appends to `to`, for each row of weights, what a zero point contributes to its sum, and the bias. The largest
  /// magnitude that a sum can have; unsupported where it leaves the sums' type.
  Result<int64_t> add_biases(size_t weights, std::optional<size_t> bias, const Tensor& data, std::vector<int64_t>& to) {
    const Tensor& w = op_.input(weights);
    std::vector<int64_t> given(static_cast<size_t>(w.shape[0]), 0);
    if (bias) {
      NARROW_TRY(given, bias_of(*bias, data.quantization.scale() * w.quantization.scale()));
    }
    if (w.dtype == DType::int16) return add_row_biases<int16_t>(w, given, data, to);
    return add_row_biases<int8_t>(unpacked(w), given, data, to);
  }

  template <class Weight>
  Result<int64_t> add_row_biases(const Tensor& w, const std::vector<int64_t>& given, const Tensor& data,
                                 std::vector<int64_t>& to) {
    auto const values = w.values<Weight>();
    auto const columns = static_cast<size_t>(w.shape[1]);
    int64_t const zero = data.quantization.zero_point();
    IntegerInterval const range = integer_range(data.dtype);
    int64_t most = 0;
    for (size_t row = 0; row < given.size(); ++row) {
      int64_t sum = 0, magnitudes = 0;
      for (Weight v : values.subspan(row * columns, columns)) {
        sum += v;
        magnitudes += std::abs(int64_t{v});
      }
      to.push_back(given[row] - zero * sum);
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

  /// The biases of a gate's sums; with layer normalization they come behind it.
  std::optional<size_t> biases_of(size_t gate) const {
    if (l_.norm) return std::nullopt;
    return kFusedBiases + gate;
  }

  Status add_gate(nw_lstm_params& p, size_t gate) {
    const Tensor &x = op_.input(0), &h = op_.input(kFusedHidden);
    biases_.resize(gate * static_cast<size_t>(l_.cells));
    hidden_biases_.resize(biases_.size());
    auto const factor = [&](size_t weights, float scale) {
      float const of = op_.input(weights).quantization.scale();
      double const product =
          form_.float_ratio ? static_cast<double>(of * scale) : static_cast<double>(of) * static_cast<double>(scale);
      return product / static_cast<double>(l_.norm ? inside(gate)->scale() : kGateScale);
    };
    size_t const kernel = kFusedKernels + gate, recurrent = kFusedRecurrents + gate;
    NARROW_TRY(int64_t const most, add_biases(kernel, biases_of(gate), x, biases_));
    NARROW_TRY(Multiplier const data, sum_multiplier(factor(kernel, x.quantization.scale()), most));
    p.input_multiplier[gate] = data.value;
    p.input_shift[gate] = data.shift;
    NARROW_TRY(int64_t const most_hidden, add_biases(recurrent, std::nullopt, h, hidden_biases_));
    NARROW_TRY(Multiplier const of_hidden, sum_multiplier(factor(recurrent, hidden().scale()), most_hidden));
    p.hidden_multiplier[gate] = of_hidden.value;
    p.hidden_shift[gate] = of_hidden.shift;
    if (l_.norm) NARROW_CHECK(add_norm(p, gate));
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

  /// Layer normalization: its factors have one scale, of which biases count 2^-10.
  Status add_norm(nw_lstm_params& p, size_t gate) {
    constexpr double kUnits = 4096;                    // of 1 in the sums of a gate
    constexpr int64_t kMost = 32768 * 64 + (1 << 20);  // of a normalized number times a factor, plus a bias
    auto const cells = static_cast<size_t>(l_.cells);
    const Tensor &factors = op_.input(kFusedNorms + gate), &bias = op_.input(kFusedBiases + gate);
    double const scale = static_cast<double>(factors.quantization.scale());
    norms_.resize(4 * cells);
    norm_biases_.resize(4 * cells);
    std::ranges::copy(factors.values<int16_t>(), norms_.begin() + static_cast<std::ptrdiff_t>(gate * cells));
    std::ranges::copy(bias.values<int32_t>(), norm_biases_.begin() + static_cast<std::ptrdiff_t>(gate * cells));
    NARROW_TRY(Multiplier const m, multiplier_for(scale * kUnits, kMost));
    p.norm_multiplier[gate] = m.value;
    p.norm_shift[gate] = m.shift;
    p.norm_guard[gate] = std::max(1, static_cast<int32_t>(std::min(10000 * factors.quantization.scale(), 1e9F)));
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
    KernelCall call = kernel_call(*kernel_, p, {operand(0)});
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
    call.point("norm", constant_array("norm", ElementType::i16, norms_));
    call.point("norm_bias", constant_array("norm_bias", ElementType::i32, norm_biases_));
    if (!form_.fixed_point) call.point("table", constant_array("table", ElementType::u16, squash_table()));
    return call_step(std::move(call));
  }

  const OpView& op_;
  const FusedLstm& l_;
  const LstmForm& form_;
  const Arithmetic* own_;  // null: TFLite's
  bool wide_;
  DType weights_;
  const Kernel* kernel_;
  std::vector<int64_t> biases_, hidden_biases_, projection_biases_;
  std::vector<int16_t> peepholes_, norms_;
  std::vector<int32_t> norm_biases_;
};

}  // namespace

Result<Step> lower_integer_lstm(const OpView& op, const FusedLstm& l, const ProfileDef& profile) {
  LstmParams params(op, l, profile);
  NARROW_CHECK(params.check());
  return params.step();
}

}  // namespace narrow
