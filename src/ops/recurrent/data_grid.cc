#include "ops/recurrent/data_grid.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ops/layers/convolution.h"

namespace narrow {
namespace {

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

}  // namespace

/// LiteRT's loops add the zero point behind the rounding where eight are left, and before it elsewhere: ties go away
/// from zero.
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

Result<HybridOperands> hybrid_operands(const OpView& op, bool (*is_weight)(size_t operand)) {
  HybridOperands out{std::vector<std::vector<float>>(op.input_count()),
                     std::vector<const void*>(op.input_count(), nullptr)};
  for (size_t i = 1; i < op.input_count(); ++i) {
    if (!op.has_input(i) || op.op.def->quant.role(i) == Role::state) continue;
    const Tensor& t = op.input(i);
    DType const wanted = is_weight(i) ? DType::int8 : DType::float32;
    if (!t.constant || t.opaque || t.dtype != wanted)
      return fail(ErrorKind::unsupported, "'" + t.name + "' is no constant of " + to_string(wanted) +
                                              ", as float data and integer weights ask");
    if (wanted == DType::int8 && (t.quantization.scales.size() != 1 || t.quantization.zero_point() != 0))
      return fail(ErrorKind::unsupported, "'" + t.name + "' has not one scale and the zero point 0");
    out.values[i] = real_values_of(t);
    out.pointers[i] = out.values[i].data();
  }
  return out;
}

}  // namespace narrow
