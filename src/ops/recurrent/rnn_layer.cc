#include "ops/recurrent/rnn_layer.h"

#include <algorithm>
#include <utility>

#include "ops/recurrent/cell_integer.h"
#include "ops/recurrent/rnn_float.h"
#include "ops/recurrent/rnn_integer.h"

namespace narrow {
namespace {

/// The place of value `i` inside of the op, of `count` results; null where it is not asked for.
float* inside_of(const StepArgs& args, const std::vector<Shape>& shapes, size_t count, size_t i) {
  return shapes.empty() || shapes[i].elements() == 0 ? nullptr : static_cast<float*>(args.out[count + i]);
}

bool is_weight_of_rnn(size_t operand) {
  return operand == rnn_kernel || operand == rnn_recurrent;
}

}  // namespace

Result<RnnLayer> sized_rnn(const OpView& op, const SequenceSizes& s, bool needs_bias) {
  NARROW_TRY(int const units, units_of(op, rnn_recurrent, 1));
  NARROW_CHECK(check_operand(op, rnn_kernel, "weights", {units, s.in}));
  NARROW_CHECK(needs_bias ? check_operand(op, rnn_bias, "bias", {units})
                          : check_optional(op, rnn_bias, "bias", {units}));
  NARROW_CHECK(check_optional(op, rnn_state, "hidden state", {s.batch, units}));
  return RnnLayer{s, units};
}

int64_t macs_rnn(const OpView& op) {
  return op.input(rnn_data).elements() / op.input(rnn_data).shape.back() *
         (op.input(rnn_kernel).elements() + op.input(rnn_recurrent).elements());
}

std::vector<Shape> inside_rnn(const OpView& op, CellFunction function) {
  Shape const shape = is_squash(function) ? Shape::of({0}) : op.output().shape;
  return {shape, shape};
}

Result<Step> lower_rnn_layer(const OpView& op, const RnnLayer& s) {
  if (!op.input(rnn_data).is_float()) return lower_integer_rnn(op, s);
  bool const hybrid = s.hybrid && op.input(rnn_kernel).dtype == DType::int8;
  HybridOperands constants;
  if (hybrid) {
    NARROW_TRY(constants, hybrid_operands(op, is_weight_of_rnn));
  } else {
    NARROW_CHECK(check_floats(op));
  }
  RnnPacker const packer(op, rnn_kernel, s.in, s.units, hybrid ? &constants : nullptr,
                         hybrid ? *s.hybrid : DataGrid::none);
  StateOperand const state(op, rnn_state);
  auto const results = op.op.outputs.size();
  auto const shapes = gives_inside(op) ? inside_rnn(op, s.function.function) : std::vector<Shape>();
  auto run = [=](const StepArgs& args) {
    auto const weights = packer.weights(args);
    auto const n = static_cast<size_t>(s.units), in = static_cast<size_t>(s.in);
    auto const batch = static_cast<size_t>(s.batch), time = static_cast<size_t>(s.time);
    auto const* x = static_cast<const float*>(args.in[rnn_data]);
    auto* y = static_cast<float*>(args.out[0]);
    float* const sums = inside_of(args, shapes, results, rnn_sums);
    std::vector<float> hidden(batch * n);
    state.begin(args, hidden.data(), hidden.size());
    for (size_t b = 0; b < batch; ++b)
      for (size_t t = 0; t < time; ++t) {
        size_t const at = s.time_major ? t * batch + b : b * time + t;
        rnn_step(*weights, s.function, s.clip, x + at * in, &hidden[b * n], y + at * n, sums ? sums + at * n : nullptr);
      }
    if (results > 1) std::copy(hidden.begin(), hidden.end(), static_cast<float*>(args.out[1]));
    state.end(args, hidden.data(), hidden.size());
    if (float* const values = inside_of(args, shapes, results, rnn_values)) std::copy_n(y, batch * time * n, values);
  };
  return Step{
      .run = std::move(run), .host_only = true, .kernel = hybrid ? "hybrid, plain loops" : "float, plain loops"};
}

}  // namespace narrow
