#include "ops/recurrent/rnn_integer.h"

#include <vector>

#include "ops/integer/quantized.h"
#include "ops/integer/tables.h"
#include "ops/recurrent/cell_integer.h"
#include "rows/recurrent.h"

extern "C" {
#include "portable/recurrent/rnn.h"
}

namespace narrow {
namespace {

constexpr CellKernels kKernelsRnn{kRnnI8, kRnnI16, kRnnA8W4, kRnnA16W4, kRnnA16W16};

/// Makes the call of the kernel of an op.
class RnnCall {
 public:
  RnnCall(const OpView& op, const RnnLayer& layer) : op_(op), l_(layer), data_(op.input(rnn_data)) {}

  Result<Step> step() {
    NARROW_TRY(kernel_, cell_kernel(op_, kKernelsRnn, data_, rnn_kernel, rnn_recurrent));
    p_.batch = l_.batch;
    p_.time = l_.time;
    p_.batch_step = l_.time_major ? 1 : p_.time;
    p_.time_step = l_.time_major ? p_.batch : 1;
    p_.input_c = l_.in;
    p_.units = l_.units;
    NARROW_CHECK(check_values(data_, data_.dtype));
    for (size_t i = 0; i < op_.op.outputs.size(); ++i) NARROW_CHECK(check_values(op_.output(i), data_.dtype));
    NARROW_TRY(double const sums, sums_scale(op_, l_.function.function, rnn_sums));
    double values = kSquashResults;
    if (!is_squash(l_.function.function)) {
      NARROW_TRY(values, inside_scale(op_, rnn_values));
    }
    NARROW_TRY(p_.function, integer_function(l_.function, sums, values, table_));
    p_.sum_limit = sums_limit(l_.clip, sums);
    NARROW_CHECK(add_sums(sums));
    NARROW_CHECK(set_factor(values, op_.output().quantization, 32768, p_.output_multiplier, p_.output_shift));
    p_.hidden_zero_point = op_.output().quantization.zero_point();
    if (has_last()) {
      const Quantization& last = op_.output(1).quantization;
      NARROW_CHECK(set_factor(values, last, 32768, p_.last_multiplier, p_.last_shift));
      p_.last_zero_point = last.zero_point();
    }
    NARROW_CHECK(add_state());
    return call();
  }

 private:
  bool has_last() const { return op_.op.outputs.size() > 1; }

  static Status set_factor(double from, const Quantization& to, double most, int32_t& multiplier, int& shift) {
    NARROW_TRY(Multiplier const m, value_factor(from / static_cast<double>(to.scale()), most));
    multiplier = m.value;
    shift = m.shift;
    return {};
  }

  Status add_sums(double scale) {
    double const scales[] = {scale};
    NARROW_TRY(data_sums_, gate_sums(op_, {.weights = rnn_kernel, .bias = rnn_bias, .sums = scales}, data_));
    NARROW_TRY(hidden_sums_,
               gate_sums(op_, {.weights = rnn_recurrent, .bias = kNoOperand, .sums = scales}, op_.output()));
    p_.input_right = data_sums_.rights[0];
    p_.hidden_right = hidden_sums_.rights[0];
    return {};
  }

  Status add_state() {
    const Tensor* const state = op_.maybe_input(rnn_state);
    if (!state) return {};
    NARROW_CHECK(check_values(*state, data_.dtype));
    const Quantization &given = state->quantization, &hidden = op_.output().quantization;
    if (state->variable) {
      if (given.scale() == hidden.scale() && given.zero_point() == hidden.zero_point()) return {};
      return fail(ErrorKind::unsupported, "its hidden state has another scale than its result");
    }
    p_.initial_zero_point = given.zero_point();
    return set_factor(static_cast<double>(given.scale()), hidden, static_cast<double>(reach(*state)),
                      p_.initial_multiplier, p_.initial_shift);
  }

  Step call() const {
    bool const given = op_.has_input(rnn_state);
    bool const variable = given && op_.input(rnn_state).variable;
    KernelCall call = kernel_call(
        *kernel_, p_,
        {operand(rnn_data), operand(rnn_kernel), operand(rnn_recurrent), array(0),
         hidden_sums_.has_biases() ? array(1) : absent(), given && !variable ? operand(rnn_state) : absent(),
         variable ? operand(rnn_state) : absent(), result(0), has_last() ? result(1) : absent(), scratch()});
    call.arrays.push_back(bias_array("bias", data_sums_.biases, data_.dtype));
    if (hidden_sums_.has_biases()) call.arrays.push_back(bias_array("hidden_bias", hidden_sums_.biases, data_.dtype));
    call.scratch_bytes = 2 * 2 * int64_t{l_.units};
    call.point("input_factor", constant_array("factor", ElementType::i16, data_sums_.factors));
    call.point("hidden_factor", constant_array("hidden_factor", ElementType::i16, hidden_sums_.factors));
    if (is_squash(l_.function.function))
      call.point("squash", constant_array("squash", ElementType::u16, squash_table()));
    call.point("function.table", constant_array("table", ElementType::i16, table_));
    return call_step(std::move(call));
  }

  const OpView& op_;
  const RnnLayer& l_;
  const Tensor& data_;
  const Kernel* kernel_ = nullptr;
  GateSums data_sums_, hidden_sums_;
  std::vector<int16_t> table_;
  nw_rnn_params p_{};
};

}  // namespace

Result<Step> lower_integer_rnn(const OpView& op, const RnnLayer& layer) {
  return RnnCall(op, layer).step();
}

}  // namespace narrow
