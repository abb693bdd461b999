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

/// An 8-bit grid: integers within [least, most], of which `zero` stands for 0.
struct Grid8 {
  float scale, factor;  // a step, and steps of 1
  float zero = 0, least = -127, most = 127;

  static Grid8 symmetric(float lo, float hi) {
    float const largest = std::max(std::fabs(lo), std::fabs(hi));
    return {.scale = largest / 127, .factor = largest > 0 ? 127 / largest : 0};
  }
  static Grid8 asymmetric(float least, float most) {
    double const lo = std::min(least, 0.0F), hi = std::max(most, 0.0F), step = (hi - lo) / 255;
    if (hi == lo) return {.scale = 0, .factor = 0};
    // Of the zero points that serve the two ends the one that is found with less error.
    bool const by_lo = 128 + std::fabs(lo / step) < 127 + std::fabs(hi / step);
    double const zero = std::clamp(std::round(by_lo ? -128 - lo / step : 127 - hi / step), -128.0, 127.0);
    auto const scale = static_cast<float>(step);
    return {.scale = scale, .factor = 1 / scale, .zero = static_cast<float>(zero), .least = -128};
  }
};

/// `count` values as they meet weights; `room` has room for them. LiteRT's loops add the zero point behind the rounding
/// where eight are left, and before it elsewhere: ties go away from zero.
const float* on_grid(DataGrid grid, const float* values, int count, std::vector<float>& room) {
  if (grid == DataGrid::none) return values;
  constexpr int kTogether = 8;
  auto const [least, most] = std::minmax_element(values, values + count);
  Grid8 const g = grid == DataGrid::asymmetric ? Grid8::asymmetric(*least, *most) : Grid8::symmetric(*least, *most);
  room.resize(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    float const steps = values[i] * g.factor;
    float const q = i < count / kTogether * kTogether ? std::round(steps) + g.zero : std::round(g.zero + steps);
    room[static_cast<size_t>(i)] = (std::clamp(q, g.least, g.most) - g.zero) * g.scale;
  }
  return room.data();
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
