// LSTM_SEQUENCE on integers.
#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/integer/quantized.h"
#include "ops/integer/tables.h"
#include "ops/recurrent/cell_integer.h"
#include "ops/recurrent/lstm_sequence.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/lstm_sequence.h"
}

namespace narrow {
namespace {

constexpr CellKernels kKernelsLstmSequence{kLstmSequenceI8, kLstmSequenceI16, kLstmSequenceA8W4, kLstmSequenceA16W4,
                                           kLstmSequenceA16W16};

int exponent_of(double power_of_two) {
  return static_cast<int>(std::lround(std::log2(power_of_two)));
}

/// Makes the call of the kernel of an op.
class LstmSequenceCall {
 public:
  LstmSequenceCall(const OpView& op, const LstmSizes& sizes)
      : op_(op), a_(op.attributes<LstmSequenceAttributes>()), s_(sizes), data_(op.input(lstm_data)) {}

  Result<Step> step() {
    NARROW_TRY(kernel_, cell_kernel(op_, kKernelsLstmSequence, data_, lstm_kernel, lstm_recurrent));
    p_.batch = s_.batch;
    p_.time = s_.time;
    p_.input_c = s_.in;
    p_.units = s_.units;
    NARROW_TRY(cell_scale_, inside_scale(op_, lstm_values));
    NARROW_CHECK(check_values(data_, data_.dtype));
    for (size_t i : {0, 1, 2}) NARROW_CHECK(check_values(op_.output(i), data_.dtype));
    NARROW_CHECK(add_functions());
    NARROW_CHECK(add_sums());
    NARROW_CHECK(add_peepholes());
    NARROW_CHECK(add_results());
    NARROW_CHECK(add_hidden());
    NARROW_CHECK(add_cell());
    return call();
  }

 private:
  const Quantization& hidden() const { return op_.output().quantization; }

  static Status set_factor(double factor, double most, int32_t& multiplier, int& shift) {
    NARROW_TRY(Multiplier const m, value_factor(factor, most));
    multiplier = m.value;
    shift = m.shift;
    return {};
  }

  Status add_functions() {
    CellActivation const gate{a_.gate_function, a_.gate_alpha, a_.gate_beta};
    CellActivation const candidate{a_.candidate_function, a_.candidate_alpha, a_.candidate_beta};
    CellActivation const output{a_.output_function, a_.output_alpha, a_.output_beta};
    NARROW_TRY(double const gate_sums, sums_scale(op_, gate.function, lstm_gate_sums));
    NARROW_TRY(double const candidate_sums, sums_scale(op_, candidate.function, lstm_candidate_sums));
    scales_ = {gate_sums, gate_sums, candidate_sums, gate_sums};
    double const candidates = is_squash(candidate.function) ? kSquashResults : cell_scale_;
    if (!is_squash(output.function)) {
      NARROW_TRY(given_scale_, inside_scale(op_, lstm_given));
    }
    NARROW_TRY(p_.gate, gate_function(gate, gate_sums, gate_table_));
    NARROW_TRY(p_.candidate, integer_function(candidate, candidate_sums, candidates, candidate_table_));
    NARROW_TRY(p_.output, integer_function(output, cell_scale_, given_scale_, output_table_));
    p_.sum_limit = sums_limit(a_.clip, gate_sums);
    p_.candidate_limit = sums_limit(a_.clip, candidate_sums);
    p_.candidate_right = 15 + exponent_of(cell_scale_ / candidates);
    p_.cell_right = is_squash(output.function) ? exponent_of(kSquashSums / cell_scale_) : 0;
    if (p_.candidate_right < 15 || p_.candidate_right > 30 || p_.cell_right < -12)
      return fail(ErrorKind::unsupported, "a scale of its cell state that is not from 2^-15 to 1");
    return {};
  }

  Status add_sums() {
    NARROW_TRY(data_sums_, gate_sums(op_, {.weights = lstm_kernel, .bias = lstm_bias, .sums = scales_}, data_));
    NARROW_TRY(hidden_sums_,
               gate_sums(op_, {.weights = lstm_recurrent, .bias = kNoOperand, .sums = scales_}, op_.output()));
    std::copy(data_sums_.rights.begin(), data_sums_.rights.end(), p_.input_right);
    std::copy(hidden_sums_.rights.begin(), hidden_sums_.rights.end(), p_.hidden_right);
    return {};
  }

  Status add_peepholes() {
    const Tensor* const t = op_.maybe_input(lstm_peephole);
    if (!t) return {};
    if (!t->constant || t->opaque || t->dtype != DType::int16)
      return fail(ErrorKind::unsupported, "'" + t->name + "' is no constant of int16");
    NARROW_CHECK(check_quantized(*t));
    return set_factor(static_cast<double>(t->quantization.scale()) * cell_scale_ / scales_[0], 0x1p30,
                      p_.peephole_multiplier, p_.peephole_shift);
  }

  Status add_results() {
    double const given = kSquashResults * given_scale_;
    const Quantization &last_hidden = op_.output(1).quantization, &last_cell = op_.output(2).quantization;
    p_.hidden_zero_point = hidden().zero_point();
    p_.last_hidden_zero_point = last_hidden.zero_point();
    p_.last_cell_zero_point = last_cell.zero_point();
    NARROW_CHECK(
        set_factor(given / static_cast<double>(hidden().scale()), 0x1p30, p_.output_multiplier, p_.output_shift));
    NARROW_CHECK(set_factor(given / static_cast<double>(last_hidden.scale()), 0x1p30, p_.last_hidden_multiplier,
                            p_.last_hidden_shift));
    return set_factor(cell_scale_ / static_cast<double>(last_cell.scale()), 32768, p_.last_cell_multiplier,
                      p_.last_cell_shift);
  }

  Status add_hidden() {
    const Tensor* const t = op_.maybe_input(lstm_hidden);
    if (!t) return {};
    NARROW_CHECK(check_values(*t, data_.dtype));
    const Quantization& given = t->quantization;
    if (t->variable) {
      if (given.scale() == hidden().scale() && given.zero_point() == hidden().zero_point()) return {};
      return fail(ErrorKind::unsupported, "its hidden state has another scale than its result");
    }
    p_.initial_hidden_zero_point = given.zero_point();
    return set_factor(static_cast<double>(given.scale()) / static_cast<double>(hidden().scale()),
                      static_cast<double>(reach(*t)), p_.initial_hidden_multiplier, p_.initial_hidden_shift);
  }

  Status add_cell() {
    const Tensor* const t = op_.maybe_input(lstm_cell);
    if (!t) return {};
    NARROW_CHECK(check_values(*t, t->variable ? DType::int16 : data_.dtype));
    auto const scale = static_cast<double>(t->quantization.scale());
    if (t->variable)
      return scale == cell_scale_
                 ? Status()
                 : fail(ErrorKind::unsupported, "the scale of its cell state is not that of its intermediate 0");
    p_.initial_cell_zero_point = t->quantization.zero_point();
    return set_factor(scale / cell_scale_, static_cast<double>(reach(*t)), p_.initial_cell_multiplier,
                      p_.initial_cell_shift);
  }

  /// A state's operand where it is a variable, or where it is not; else nothing.
  CallArgument state(size_t index, bool variable) const {
    return op_.has_input(index) && op_.input(index).variable == variable ? operand(index) : absent();
  }

  Step call() const {
    KernelCall call = kernel_call(*kernel_, p_,
                                  {operand(lstm_data), operand(lstm_kernel), operand(lstm_recurrent), array(0),
                                   hidden_sums_.has_biases() ? array(1) : absent(),
                                   op_.has_input(lstm_peephole) ? operand(lstm_peephole) : absent(),
                                   state(lstm_hidden, false), state(lstm_cell, false), state(lstm_hidden, true),
                                   state(lstm_cell, true), result(0), result(1), result(2), scratch()});
    call.arrays.push_back(bias_array("bias", data_sums_.biases, data_.dtype));
    if (hidden_sums_.has_biases()) call.arrays.push_back(bias_array("hidden_bias", hidden_sums_.biases, data_.dtype));
    call.scratch_bytes = 2 * 7 * int64_t{s_.units};
    call.point("input_factor", constant_array("factor", ElementType::i16, data_sums_.factors));
    call.point("hidden_factor", constant_array("hidden_factor", ElementType::i16, hidden_sums_.factors));
    if (is_squash(a_.gate_function) || is_squash(a_.candidate_function) || is_squash(a_.output_function))
      call.point("squash", constant_array("squash", ElementType::u16, squash_table()));
    call.point("gate.table", constant_array("gate_table", ElementType::i16, gate_table_));
    call.point("candidate.table", constant_array("candidate_table", ElementType::i16, candidate_table_));
    call.point("output.table", constant_array("output_table", ElementType::i16, output_table_));
    return call_step(std::move(call));
  }

  const OpView& op_;
  const LstmSequenceAttributes& a_;
  const LstmSizes& s_;
  const Tensor& data_;
  const Kernel* kernel_ = nullptr;
  double cell_scale_ = 1, given_scale_ = kSquashResults;
  std::vector<double> scales_;  // of the sums of the gates
  GateSums data_sums_, hidden_sums_;
  std::vector<int16_t> gate_table_, candidate_table_, output_table_;
  nw_lstm_sequence_params p_{};
};

}  // namespace

Result<Step> lower_integer_lstm_sequence(const OpView& op, const LstmSizes& sizes) {
  return LstmSequenceCall(op, sizes).step();
}

}  // namespace narrow
