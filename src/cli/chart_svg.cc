#include "cli/chart_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "cli/html_text.h"
#include "cli/table.h"

namespace narrow {
namespace {

constexpr double kChartWidth = 760, kChartHeight = 440;
constexpr double kLeft = 76, kRight = 150, kTop = 24, kBottom = 56;  // margins; labels reach into the right one
constexpr double kLineHeight = 17;

constexpr const char* kChartStyle =
    "text{font:13px system-ui,sans-serif;fill:#57606a}.label{fill:#24292f;font-weight:600}"
    ".grid{stroke:#d8dee4;stroke-width:1}.point{fill:#0969da}.link{stroke:#8c959f;stroke-width:1}.page{fill:#ffffff}"
    "@media(prefers-color-scheme:dark){text{fill:#8b949e}.label{fill:#e6edf3}.grid{stroke:#30363d}.point{fill:#58a6ff}"
    ".link{stroke:#6e7681}.page{fill:#0d1117}}";

/// A scale from values to a side of the image.
struct Scale {
  double lo = 0, hi = 1;    // values at the ends
  double from = 0, to = 1;  // their places
  double step = 1;          // between lines of the grid
  double place(double value) const { return from + (value - lo) / (hi - lo) * (to - from); }
};

/// 1, 2 or 5 times a power of ten: about a fifth of `extent`.
double round_step(double extent) {
  double const power = std::pow(10, std::floor(std::log10(extent / 5)));
  double const rest = extent / 5 / power;
  return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}

/// From a multiple of a round step to another, which hold lo and hi.
Scale round_scale(double lo, double hi, double from, double to) {
  if (!(hi > lo)) hi = lo + std::max(std::abs(lo) * 0.1, 1e-6);
  double const step = round_step(hi - lo);
  return {std::floor(lo / step) * step, std::ceil(hi / step) * step, from, to, step};
}

/// "98.5", "120,000": no more digits than the step asks for.
std::string number(double value, double step) {
  int const decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  std::string const text = fmt::format("{:.{}f}", std::abs(value), decimals);
  std::string const whole = text.substr(0, text.find('.'));
  return (value < 0 ? "-" : "") + grouped(std::stoll(whole)) + text.substr(whole.size());
}

void append_grid(const Scale& x, const Scale& y, const ChartAxis& x_axis, const ChartAxis& y_axis, std::string& out) {
  auto const at = std::back_inserter(out);
  for (double v = x.lo; v <= x.hi + x.step / 2; v += x.step) {
    fmt::format_to(at, "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>\n",
                   x.place(v), y.to, y.from);
    fmt::format_to(at, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x.place(v), y.from + 18,
                   number(v, x.step));
  }
  for (double v = y.lo; v <= y.hi + y.step / 2; v += y.step) {
    fmt::format_to(at, "<line class=\"grid\" x1=\"{1:.1f}\" x2=\"{2:.1f}\" y1=\"{0:.1f}\" y2=\"{0:.1f}\"/>\n",
                   y.place(v), x.from, x.to);
    fmt::format_to(at, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", x.from - 8, y.place(v) + 4,
                   number(v, y.step));
  }
  fmt::format_to(at, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", (x.from + x.to) / 2,
                 y.from + 42, html_text(x_axis.title));
  fmt::format_to(at, "<text transform=\"translate(18 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                 (y.from + y.to) / 2, html_text(y_axis.title));
}

/// Heights for labels near to those given, each at least a line apart from the one before, in the order given.
std::vector<double> apart(std::vector<double> heights) {
  std::vector<size_t> order(heights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return heights[i]; });
  for (size_t k = 1; k < order.size(); ++k)
    heights[order[k]] = std::max(heights[order[k]], heights[order[k - 1]] + kLineHeight);
  double const over = order.empty() ? 0 : heights[order.back()] - (kChartHeight - kBottom);
  for (size_t k = 0; over > 0 && k < order.size(); ++k) heights[order[k]] -= over;
  return heights;
}

}  // namespace

std::string chart_svg(const std::vector<ChartPoint>& points, const ChartAxis& x_axis, const ChartAxis& y_axis) {
  double most_x = 0, least_y = INFINITY, most_y = -INFINITY;
  for (const ChartPoint& p : points) {
    most_x = std::max(most_x, p.x * x_axis.factor);
    least_y = std::min(least_y, p.y * y_axis.factor), most_y = std::max(most_y, p.y * y_axis.factor);
  }
  double const margin = std::max((most_y - least_y) * 0.1, 1e-9);
  Scale const x = round_scale(0, most_x, kLeft, kChartWidth - kRight);
  Scale const y = round_scale(least_y - margin, most_y + margin, kChartHeight - kBottom, kTop);

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\">\n<style>{2}</style>\n"
      "<rect class=\"page\" width=\"{0}\" height=\"{1}\"/>\n",
      kChartWidth, kChartHeight, kChartStyle);
  append_grid(x, y, x_axis, y_axis, out);
  std::vector<double> heights;
  for (const ChartPoint& p : points) heights.push_back(y.place(p.y * y_axis.factor));
  heights = apart(std::move(heights));
  auto const at = std::back_inserter(out);
  for (size_t i = 0; i < points.size(); ++i) {
    double const px = x.place(points[i].x * x_axis.factor), py = y.place(points[i].y * y_axis.factor);
    if (std::abs(heights[i] - py) > 1)
      fmt::format_to(at, "<line class=\"link\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", px, py,
                     px + 9, heights[i]);
    fmt::format_to(at, "<circle class=\"point\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>\n", px, py);
    fmt::format_to(at, "<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", px + 11, heights[i] + 4,
                   html_text(points[i].label));
  }
  return out + "</svg>\n";
}

}  // namespace narrow
