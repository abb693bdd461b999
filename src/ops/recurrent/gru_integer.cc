// GRU_SEQUENCE on integers.
#include <algorithm>
#include <cmath>
#include <vector>

#include "ops/integer/quantized.h"
#include "ops/integer/tables.h"
#include "ops/recurrent/cell_integer.h"
#include "ops/recurrent/gru.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/gru.h"
}

namespace narrow {
namespace {

constexpr CellKernels kKernelsGru{kGruI8, kGruI16, kGruA8W4, kGruA16W4, kGruA16W16};

/// Makes the call of the kernel of an op.
class GruCall {
 public:
  GruCall(const OpView& op, const GruSizes& sizes)
      : op_(op), a_(op.attributes<GruSequenceAttributes>()), s_(sizes), data_(op.input(gru_data)) {}

  Result<Step> step() {
    NARROW_TRY(kernel_, cell_kernel(op_, kKernelsGru, data_, gru_kernel, gru_recurrent));
    p_.batch = s_.batch;
    p_.time = s_.time;
    p_.input_c = s_.in;
    p_.units = s_.units;
    p_.reset_after = a_.reset_after ? 1 : 0;
    NARROW_TRY(state_scale_, inside_scale(op_, gru_values));
    NARROW_CHECK(check_values(data_, data_.dtype));
    for (size_t i : {0, 1}) NARROW_CHECK(check_values(op_.output(i), data_.dtype));
    NARROW_CHECK(add_functions());
    NARROW_CHECK(add_sums());
    NARROW_CHECK(add_values());
    NARROW_CHECK(add_state());
    return call();
  }

 private:
  const Quantization& hidden() const { return op_.output().quantization; }

  Status add_functions() {
    CellActivation const gate{a_.gate_function, a_.gate_alpha, a_.gate_beta};
    CellActivation const candidate{a_.candidate_function, a_.candidate_alpha, a_.candidate_beta};
    NARROW_TRY(double const gate_sums, sums_scale(op_, gate.function, gru_gate_sums));
    NARROW_TRY(double const candidate_sums, sums_scale(op_, candidate.function, gru_candidate_sums));
    scales_ = {gate_sums, gate_sums, candidate_sums};
    NARROW_TRY(p_.gate, gate_function(gate, gate_sums, gate_table_));
    NARROW_TRY(p_.candidate, integer_function(candidate, candidate_sums, state_scale_, candidate_table_));
    p_.sum_limit = sums_limit(a_.clip, gate_sums);
    p_.candidate_limit = sums_limit(a_.clip, candidate_sums);
    if (!is_squash(candidate.function)) return {};
    p_.candidate_right = static_cast<int>(std::lround(std::log2(state_scale_ / kSquashResults)));
    if (p_.candidate_right < 0 || p_.candidate_right > 15)
      return fail(ErrorKind::unsupported, "a scale of its state that is not from 2^-15 to 1");
    return {};
  }

  Status add_sums() {
    NARROW_TRY(data_sums_, gate_sums(op_, {.weights = gru_kernel, .bias = gru_bias, .sums = scales_}, data_));
    NARROW_TRY(hidden_sums_,
               gate_sums(op_, {.weights = gru_recurrent, .bias = gru_recurrent_bias, .sums = scales_}, op_.output()));
    std::copy(data_sums_.rights.begin(), data_sums_.rights.end(), p_.input_right);
    std::copy(hidden_sums_.rights.begin(), hidden_sums_.rights.end(), p_.hidden_right);
    return {};
  }

  /// What becomes of the state, and of what the reset gate leaves of it.
  Status add_values() {
    auto const factor = [&](double of, const Quantization& to, double most, int32_t& multiplier, int& shift) -> Status {
      NARROW_TRY(Multiplier const m, value_factor(of / static_cast<double>(to.scale()), most));
      multiplier = m.value;
      shift = m.shift;
      return {};
    };
    NARROW_CHECK(factor(state_scale_, hidden(), 32768, p_.output_multiplier, p_.output_shift));
    NARROW_CHECK(factor(state_scale_, op_.output(1).quantization, 32768, p_.last_multiplier, p_.last_shift));
    if (!a_.reset_after)
      NARROW_CHECK(factor(state_scale_ * kSquashResults, hidden(), 0x1p30, p_.reset_multiplier, p_.reset_shift));
    p_.hidden_zero_point = hidden().zero_point();
    p_.last_zero_point = op_.output(1).quantization.zero_point();
    return {};
  }

  Status add_state() {
    const Tensor* const state = op_.maybe_input(gru_state);
    if (!state) return {};
    if (state->variable) {
      NARROW_CHECK(check_values(*state, DType::int16));
      if (static_cast<double>(state->quantization.scale()) == state_scale_) return {};
      return fail(ErrorKind::unsupported, "the scale of its hidden state is not that of its intermediate 0");
    }
    NARROW_CHECK(check_values(*state, data_.dtype));
    NARROW_TRY(Multiplier const m, value_factor(static_cast<double>(state->quantization.scale()) / state_scale_,
                                                static_cast<double>(reach(*state))));
    p_.initial_multiplier = m.value;
    p_.initial_shift = m.shift;
    p_.initial_zero_point = state->quantization.zero_point();
    return {};
  }

  Step call() const {
    bool const given = op_.has_input(gru_state);
    bool const variable = given && op_.input(gru_state).variable;
    KernelCall call = kernel_call(
        *kernel_, p_,
        {operand(gru_data), operand(gru_kernel), operand(gru_recurrent), array(0),
         hidden_sums_.has_biases() ? array(1) : absent(), given && !variable ? operand(gru_state) : absent(),
         variable ? operand(gru_state) : absent(), result(0), result(1), scratch()});
    call.arrays.push_back(bias_array("bias", data_sums_.biases, data_.dtype));
    if (hidden_sums_.has_biases()) call.arrays.push_back(bias_array("hidden_bias", hidden_sums_.biases, data_.dtype));
    call.point("input_factor", constant_array("factor", ElementType::i16, data_sums_.factors));
    call.point("hidden_factor", constant_array("hidden_factor", ElementType::i16, hidden_sums_.factors));
    call.scratch_bytes = 2 * 6 * int64_t{s_.units};
    if (is_squash(a_.gate_function) || is_squash(a_.candidate_function))
      call.point("squash", constant_array("squash", ElementType::u16, squash_table()));
    call.point("gate.table", constant_array("gate_table", ElementType::i16, gate_table_));
    call.point("candidate.table", constant_array("candidate_table", ElementType::i16, candidate_table_));
    return call_step(std::move(call));
  }

  const OpView& op_;
  const GruSequenceAttributes& a_;
  const GruSizes& s_;
  const Tensor& data_;
  const Kernel* kernel_ = nullptr;
  double state_scale_ = 1;
  std::vector<double> scales_;  // of the sums of the gates
  GateSums data_sums_, hidden_sums_;
  std::vector<int16_t> gate_table_, candidate_table_;
  nw_gru_params p_{};
};

}  // namespace

Result<Step> lower_integer_gru(const OpView& op, const GruSizes& sizes) {
  return GruCall(op, sizes).step();
}

}  // namespace narrow
