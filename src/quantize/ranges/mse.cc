// Least expected squared error of rounding and clipping, over the histogram, values spread evenly inside each bin.
#include <cmath>

#include "quantize/ranges/methods.h"
#include "quantize/ranges/shrink.h"

namespace narrow {
namespace {

/// Integral of (u - round(u))^2 from 0 to t: 1/12 for each whole period.
double rounding_integral(double t) {
  double const u = std::abs(t);
  auto const period = static_cast<double>(static_cast<int64_t>(u + 0.5));
  double const d = u - period;
  return std::copysign(period / 12 + d * d * d / 3, t);
}

/// Integral of the squared error from 0 to x: rounding between the outermost levels, clipping beyond.
double error_integral(double x, const Levels& levels) {
  double const inside = x < levels.lo ? levels.lo : x > levels.hi ? levels.hi : x;
  double const beyond = x - inside;
  double const s = levels.step;
  return s * s * s * rounding_integral(inside / s) + beyond * beyond * beyond / 3;
}

/// Squared error of one value.
double error_at(double x, const Levels& levels) {
  double const inside = x < levels.lo ? levels.lo : x > levels.hi ? levels.hi : x;
  double const t = std::abs(inside / levels.step);
  double const rounded = static_cast<double>(static_cast<int64_t>(t + 0.5)) * levels.step;
  double const e = std::abs(x) - rounded;
  return e * e;
}

double total_error(const std::vector<Bin>& bins, const Levels& levels) {
  constexpr double kPoint = 1e-6;  // relative width below which differences of integrals lose their digits
  double sum = 0;
  for (const Bin& b : bins) {
    double const width = b.hi - b.lo;
    sum += b.count * (width <= kPoint * std::abs(b.hi)
                          ? error_at(b.hi, levels)
                          : (error_integral(b.hi, levels) - error_integral(b.lo, levels)) / width);
  }
  return sum;
}

}  // namespace

Range mse_range(const TensorStatistics& s, const IntegerFormat& format, double) {
  if (s.empty()) return {};
  auto const bins = sorted_bins(s.histogram, s.min, s.max);
  return shrink(minmax_range(s, format, 0), format, [&](const Levels& levels) { return total_error(bins, levels); });
}

}  // namespace narrow
