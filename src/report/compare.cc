#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

using Kind = ReportCandidate::Kind;
using Cost = std::optional<int64_t> (*)(const ReportCandidate&);

constexpr double kWidth = 520, kHeight = 300, kLeft = 62, kRight = 120, kTop = 26, kBottom = 46, kLine = 15;

/// A candidate in a chart; `y` is infinite for a model without an error.
struct Point {
  const ReportCandidate* candidate;
  double x;
  double y;
};

std::vector<Point> points_of(const Report& report, bool labelled, Cost cost) {
  std::vector<Point> out;
  for (const ReportCandidate& c : report.candidates) {
    auto const x = cost(c);
    auto const y = labelled ? c.top1 : c.kind == Kind::reference ? std::nullopt : c.sqnr_db;
    if (x && y && *y > -1e9) out.push_back({&c, static_cast<double>(*x), labelled ? 100 * *y : *y});
  }
  // What the page is about is drawn last, on top.
  std::ranges::stable_sort(out, {}, [](const Point& p) { return p.candidate->kind == Kind::model; });
  return out;
}

/// Heights near to those given, each at least a line below the one before in the order of heights.
std::vector<double> set_apart(std::vector<double> heights) {
  std::vector<size_t> order(heights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return heights[i]; });
  for (size_t k = 1; k < order.size(); ++k)
    heights[order[k]] = std::max(heights[order[k]], heights[order[k - 1]] + kLine);
  double const over = order.empty() ? 0 : heights[order.back()] - (kHeight - kBottom);
  for (size_t k = 0; over > 0 && k < order.size(); ++k) heights[order[k]] -= over;
  return heights;
}

std::string mark(Kind kind, double x, double y, const std::string& title) {
  if (kind == Kind::reference)
    return fmt::format("<rect class=gray x={:.1f} y={:.1f} width=10 height=10><title>{}</title></rect>", x - 5, y - 5,
                       title);
  return fmt::format("<circle class={} cx={:.1f} cy={:.1f} r={}><title>{}</title></circle>",
                     kind == Kind::model ? "blue" : "orange", x, y, kind == Kind::model ? 6 : 5, title);
}

/// The line along those that no other beats, by rising cost.
std::string front_line(const std::vector<Point>& points, const ChartScale& x, const std::vector<double>& heights) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    return points[a].x != points[b].x ? points[a].x < points[b].x : points[a].y > points[b].y;
  });
  std::string path;
  double best = -INFINITY;
  int count = 0;
  for (size_t const i : order) {
    if (!(points[i].y > best)) continue;
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.place(points[i].x), heights[i]);
    best = points[i].y;
    ++count;
  }
  return count < 2 ? "" : fmt::format("<path class=front d=\"{}\" />\n", path);
}

std::string scatter(const std::vector<Point>& points, bool labelled, const std::string& cost_title) {
  double most = 0, low = INFINITY, high = -INFINITY;
  bool exact = false;
  for (const Point& p : points) {
    most = std::max(most, p.x);
    if (std::isfinite(p.y)) low = std::min(low, p.y), high = std::max(high, p.y);
    exact = exact || std::isinf(p.y);
  }
  if (!std::isfinite(low)) low = high = 0;
  double const margin = std::max((high - low) * 0.12, labelled ? 0.1 : 1.0);
  ChartScale const x = chart_scale(0, most, kLeft, kWidth - kRight);
  ChartScale const y = chart_scale(low - margin, labelled ? std::min(high + margin, 100.0) : high + margin,
                                   kHeight - kBottom, exact ? kTop + 22 : kTop);
  std::string out =
      svg_open(kWidth, kHeight, fmt::format("{} against {}", labelled ? "top-1 accuracy" : "SQNR", cost_title));
  out += horizontal_grid(y, kLeft, kWidth - kRight);
  auto const at = std::back_inserter(out);
  if (exact)
    fmt::format_to(at,
                   "<line class=grid x1={0:.0f} x2={1:.0f} y1={2:.0f} y2={2:.0f} /><text x={3:.0f} y={4:.0f} "
                   "text-anchor=end>exact</text>\n",
                   kLeft, kWidth - kRight, kTop, kLeft - 7, kTop + 4);
  int const lines = static_cast<int>(std::lround((x.hi - x.lo) / x.step));
  for (int k = 0; k <= lines; k += lines > 6 ? 2 : 1)
    fmt::format_to(at, "<text x={:.1f} y={:.0f} text-anchor=middle>{}</text>\n", x.place(k * x.step), y.from + 18,
                   tick_text(k * x.step, x.step));
  fmt::format_to(at, "<line class=axis x1={0:.0f} x2={1:.0f} y1={2:.1f} y2={2:.1f} />", kLeft, kWidth - kRight, y.from);
  fmt::format_to(at, "<text x={:.0f} y={:.0f} text-anchor=middle>{}</text>\n", (kLeft + kWidth - kRight) / 2,
                 kHeight - 8, cost_title);
  out += y_title(labelled ? "top-1 accuracy, %" : "SQNR of the outputs, dB", 14, (kTop + kHeight - kBottom) / 2);
  std::vector<double> heights;
  for (const Point& p : points) heights.push_back(std::isfinite(p.y) ? y.place(p.y) : kTop);
  out += front_line(points, x, heights);
  std::vector<double> const labels = set_apart(heights);
  for (size_t i = 0; i < points.size(); ++i) {
    const ReportCandidate& c = *points[i].candidate;
    double const px = x.place(points[i].x);
    std::string const title =
        fmt::format("{}: {}, {} {}", escaped(c.name), labelled ? percent_words(c.top1) : decibel_words(c.sqnr_db),
                    thousands(std::llround(points[i].x)), cost_title);
    if (std::abs(labels[i] - heights[i]) > 2)
      fmt::format_to(at, "<line class=stem x1={:.1f} y1={:.1f} x2={:.1f} y2={:.1f} />", px, heights[i], px + 9,
                     labels[i]);
    out += mark(c.kind, px, heights[i], title);
    fmt::format_to(at, "<text{} x={:.1f} y={:.1f}>{}</text>\n", c.kind == Kind::model ? " class=ink" : "", px + 11,
                   labels[i] + 4, escaped(shortened(c.name, 22)));
  }
  return out + "</svg>\n";
}

std::string chart_of(const Report& report, bool labelled, Cost cost, const std::string& title) {
  std::vector<Point> const points = points_of(report, labelled, cost);
  if (points.size() < 2) return "";
  return fmt::format("<figure><div class=scroll>{}</div></figure>\n", scatter(points, labelled, title));
}

std::optional<int64_t> bytes_of(const ReportCandidate& c) {
  return c.bytes;
}

std::optional<int64_t> cycles_of(const ReportCandidate& c) {
  return c.cycles;
}

std::string number_of(const std::optional<int64_t>& n) {
  return n ? fmt::format("<td class=number data-v={}>{}</td>", *n, thousands(*n))
           : "<td class=number data-v=\"\">\xE2\x80\x93</td>";
}

std::string share_of(const std::optional<double>& share) {
  return fmt::format("<td class=number data-v=\"{}\">{}</td>", share ? fmt::format("{:.6f}", *share) : "",
                     percent_words(share));
}

std::string candidate_table(const Report& report) {
  std::string out =
      "<div class=scroll><table class=sorts><thead><tr><th>model</th><th class=number>file, bytes</th>"
      "<th class=number>top-1</th><th class=number>agreement</th><th class=number>SQNR</th>"
      "<th class=number>flash, bytes</th><th class=number>RAM, bytes</th><th class=number>cycles</th>"
      "<th>unbeaten</th></tr></thead><tbody>\n";
  for (const ReportCandidate& c : report.candidates) {
    std::string const db = c.kind == Kind::reference ? "\xE2\x80\x93" : decibel_words(c.sqnr_db);
    bool const finite = c.kind != Kind::reference && c.sqnr_db;
    out += fmt::format("<tr><td>{}</td>{}{}{}<td class=number data-v=\"{}\">{}</td>{}{}{}<td>{}</td></tr>\n",
                       name_html(c.name), number_of(c.bytes), share_of(c.top1), share_of(c.agreement),
                       finite ? std::isfinite(*c.sqnr_db) ? fmt::format("{:.4f}", *c.sqnr_db) : "1e9" : "", db,
                       number_of(c.flash), number_of(c.ram), number_of(c.cycles), c.on_front ? "yes" : "");
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string compare_section(const Report& report) {
  if (report.candidates.size() < 2) return "";
  bool const labelled =
      std::ranges::any_of(report.candidates, [](const ReportCandidate& c) { return c.top1.has_value(); });
  bool const trials =
      std::ranges::any_of(report.candidates, [](const ReportCandidate& c) { return c.kind == Kind::trial; });
  std::string const core = report.project ? report.project->core : "cortex-m4";
  std::string const cycles = fmt::format("cycles, {}, modelled", escaped(core));
  std::string charts;
  for (bool const by_label : {true, false}) {
    if (by_label && !labelled) continue;
    charts += chart_of(report, by_label, &bytes_of, "bytes of the file");
    charts += chart_of(report, by_label, &cycles_of, cycles);
  }
  std::string out = "<section id=compare><h2>Accuracy against cost</h2>\n";
  if (!charts.empty())
    out += fmt::format(
        "<p class=lead>{} Up and left is better; the dashed line joins those that no other beats.</p>\n"
        "<div class=key><span><i></i>{}</span>{}{}</div>\n<div class=pair>\n{}</div>\n",
        labelled
            ? "Share of samples whose largest output is their label&#39;s, and signal to quantization noise (SQNR) "
              "of the outputs."
            : "Signal to quantization noise (SQNR) of the outputs, beside the float model&#39;s; 6 dB are half "
              "the error.",
        trials ? "this model" : "models",
        trials ? "<span><i class=o></i>made the quickest way, for comparison</span>" : "",
        labelled ? "<span><i class=g></i>float</span>" : "", charts);
  return out + candidate_table(report) + "</section>\n";
}

}  // namespace narrow
