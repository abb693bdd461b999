#include "ops/recurrent/rnn_float.h"

#include <algorithm>

#include "ops/recurrent/operands.h"

namespace narrow {

RnnPacker::RnnPacker(const OpView& op, size_t first, int in, int units, const HybridOperands* constants, DataGrid grid)
    : first_(first), in_(in), units_(units), has_bias_(op.has_input(first + 2)), grid_(grid) {
  if (constants)
    packed_ = pack(constants->pointers.data());
  else if (are_constant(op, first, first + 2))
    packed_ = pack(constant_values(op).data());
}

std::shared_ptr<const RnnWeights> RnnPacker::weights(const StepArgs& a) const {
  return packed_ ? packed_ : pack(a.in);
}

std::shared_ptr<const RnnWeights> RnnPacker::pack(const void* const* operands) const {
  auto const n = static_cast<size_t>(units_);
  auto const values = [&](size_t operand) { return static_cast<const float*>(operands[first_ + operand]); };
  auto w = std::make_shared<RnnWeights>(RnnWeights{.in = in_, .units = units_, .grid = grid_});
  w->kernel.resize(static_cast<size_t>(in_) * n);
  w->recurrent.resize(n * n);
  w->bias.resize(n);
  add_columns(values(0), units_, in_, n, w->kernel.data());
  add_columns(values(1), units_, units_, n, w->recurrent.data());
  if (has_bias_) std::copy_n(values(2), n, w->bias.data());
  return w;
}

void rnn_step(const RnnWeights& w, const CellActivation& function, float clip, const float* x, float* hidden, float* y,
              float* sums) {
  auto const n = static_cast<size_t>(w.units);
  std::copy(w.bias.begin(), w.bias.end(), y);
  std::vector<float> room;
  add_products(on_grid(w.grid, x, w.in, room), w.in, w.kernel.data(), n, w.units, y);
  add_products(on_grid(w.grid, hidden, w.units, room), w.units, w.recurrent.data(), n, w.units, y);
  if (clip > 0) std::transform(y, y + n, y, [clip](float v) { return std::clamp(v, -clip, clip); });
  if (sums) std::copy_n(y, n, sums);
  apply(function, y, n);
  std::copy_n(y, n, hidden);
}

}  // namespace narrow
