#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "report/text.h"

namespace narrow {

ChartScale chart_scale(double lo, double hi, double from, double to) {
  if (!(hi > lo)) hi = lo + std::max(std::abs(lo) * 0.1, 1e-6);
  double const fifth = (hi - lo) / 5, power = std::pow(10, std::floor(std::log10(fifth))), rest = fifth / power;
  double const step = power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
  return {std::floor(lo / step + 1e-9) * step, std::ceil(hi / step - 1e-9) * step, from, to, step};
}

std::string tick_text(double value, double step) {
  if (step >= 1 && std::abs(value) >= 1000) {
    bool const millions = std::abs(value) >= 1e6;
    double const unit = millions ? 1e6 : 1e3;
    int const digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step / unit) - 1e-9)), 0, 3);
    return fmt::format("{:.{}f} {}", value / unit, digits, millions ? "M" : "k");
  }
  int const decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  std::string const out = fmt::format("{:.{}f}", value, decimals);
  return out == "-0" ? "0" : out;
}

std::string horizontal_grid(const ChartScale& y, double x0, double x1) {
  std::string out;
  auto const at = std::back_inserter(out);
  int const lines = static_cast<int>(std::lround((y.hi - y.lo) / y.step));
  for (int k = 0; k <= lines; ++k) {
    double const v = y.lo + k * y.step, p = y.place(v);
    fmt::format_to(at, "<line class=grid x1={:.0f} x2={:.0f} y1={:.1f} y2={:.1f} />", x0, x1, p, p);
    fmt::format_to(at, "<text x={:.0f} y={:.1f} text-anchor=end>{}</text>\n", x0 - 7, p + 4, tick_text(v, y.step));
  }
  return out;
}

std::string y_title(const std::string& title, double x, double y) {
  return fmt::format("<text transform=\"translate({:.0f} {:.0f}) rotate(-90)\" text-anchor=middle>{}</text>\n", x, y,
                     escaped(title));
}

std::string svg_open(double width, double height, const std::string& about, const char* more) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" width={0:.0f} height={1:.0f} role=img aria-label=\"{2}\"{3}>\n", width,
      height, escaped(about), more);
}

std::optional<double> error_db(const std::optional<ErrorSums>& error) {
  if (!error || (!(error->noise > 0) && !(error->signal > 0))) return std::nullopt;
  return error->noise > 0 ? error->sqnr_db() : std::numeric_limits<double>::infinity();
}

}  // namespace narrow
