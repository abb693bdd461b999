#include "ops/recurrent/lstm_float.h"

#include <algorithm>
#include <cmath>

#include "ops/recurrent/operands.h"

namespace narrow {
namespace {

void clip(float bound, float* values, int count) {
  if (bound > 0) std::transform(values, values + count, values, [=](float v) { return std::clamp(v, -bound, bound); });
}

/// Brings the values to mean 0 and variance 1, then times `factors` plus `bias`.
void normalize(float* values, const float* factors, const float* bias, int count) {
  constexpr float kLeastVariance = 1e-8F;  // TFLite's
  float sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) sum += values[i];
  float const mean = sum / static_cast<float>(count);
  for (int i = 0; i < count; ++i) squares += (values[i] - mean) * (values[i] - mean);
  float const factor = 1 / std::sqrt(squares / static_cast<float>(count) + kLeastVariance);
  for (int i = 0; i < count; ++i) values[i] = (values[i] - mean) * factor * factors[i] + bias[i];
}

/// Makes the sums of a gate its values; its peepholes look at `cell`.
void finish_gate(const LstmWeights& w, const LstmFunctions& f, LstmWeights::Gate gate, const float* cell, float* sums,
                 float* before) {
  auto const at = static_cast<size_t>(gate * w.cells);
  float* const values = sums + at;
  if (!w.peephole.empty())
    for (size_t i = 0; i < static_cast<size_t>(w.cells); ++i) values[i] += w.peephole[at + i] * cell[i];
  if (before && !w.norm.empty()) std::copy_n(values, w.cells, before + at);
  if (!w.norm.empty()) normalize(values, &w.norm[at], &w.bias[at], w.cells);
  clip(f.clip, values, w.cells);
  if (before && w.norm.empty()) std::copy_n(values, w.cells, before + at);
  apply(gate == LstmWeights::cell ? f.candidate : f.gate, values, static_cast<size_t>(w.cells));
}

}  // namespace

LstmWeights LstmWeights::of_size(int in, int cells, int out, bool coupled, bool diagonal) {
  LstmWeights w{.in = in, .cells = cells, .out = out, .coupled = coupled, .diagonal = diagonal};
  auto const sums = static_cast<size_t>(w.sums());
  w.kernel.resize(static_cast<size_t>(in) * sums);
  w.recurrent.resize(diagonal ? sums : static_cast<size_t>(out) * sums);
  w.bias.resize(sums);
  return w;
}

void lstm_step(const LstmWeights& w, const LstmFunctions& f, const float* x, float* hidden, float* cell, float* sums,
               float* before) {
  int const n = w.sums();
  auto const cells = static_cast<size_t>(w.cells), stride = static_cast<size_t>(n);
  if (w.norm.empty())
    std::copy(w.bias.begin(), w.bias.end(), sums);
  else
    std::fill_n(sums, n, 0.0F);
  std::vector<float> room;
  add_products(on_grid(w.grid, x, w.in, room), w.in, w.kernel.data(), stride, n, sums);
  if (w.diagonal)
    for (size_t i = 0; i < stride; ++i) sums[i] += hidden[i % cells] * w.recurrent[i];
  else
    add_products(on_grid(w.grid, hidden, w.out, room), w.out, w.recurrent.data(), stride, n, sums);

  if (!w.coupled) finish_gate(w, f, LstmWeights::input, cell, sums, before);
  finish_gate(w, f, LstmWeights::forget, cell, sums, before);
  finish_gate(w, f, LstmWeights::cell, cell, sums, before);
  const float* const forget = sums + LstmWeights::forget * cells;
  const float* const candidate = sums + LstmWeights::cell * cells;
  const float* const input = sums + LstmWeights::input * cells;
  for (size_t i = 0; i < cells; ++i)
    cell[i] = forget[i] * cell[i] + (w.coupled ? 1 - forget[i] : input[i]) * candidate[i];
  clip(f.cell_clip, cell, w.cells);

  finish_gate(w, f, LstmWeights::output, cell, sums, before);
  const float* const output = sums + LstmWeights::output * cells;
  float* const given = sums + stride;
  std::copy_n(cell, cells, given);
  apply(f.output, given, cells);
  for (size_t i = 0; i < cells; ++i) given[i] *= output[i];
  if (w.projection.empty()) {
    std::copy_n(given, cells, hidden);
    return;
  }
  if (w.projection_bias.empty())
    std::fill_n(hidden, w.out, 0.0F);
  else
    std::copy(w.projection_bias.begin(), w.projection_bias.end(), hidden);
  add_products(on_grid(w.grid, given, w.cells, room), w.cells, w.projection.data(), static_cast<size_t>(w.out), w.out,
               hidden);
  clip(f.proj_clip, hidden, w.out);
}

}  // namespace narrow
