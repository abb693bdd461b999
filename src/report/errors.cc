#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

constexpr double kErrorLeft = 58, kErrorTop = 18, kErrorHeight = 240;
constexpr size_t kLabelLength = 20;

struct LayerDb {
  const ReportOp* op;
  std::optional<double> accumulated, isolated;
};

std::string error_chart(const std::vector<LayerDb>& layers, const NameLabels& labels) {
  double low = INFINITY, high = -INFINITY;
  bool exact = false;
  for (const LayerDb& l : layers)
    for (auto const& db : {l.accumulated, l.isolated}) {
      if (!db) continue;
      if (std::isfinite(*db)) low = std::min(low, *db), high = std::max(high, *db);
      exact = exact || *db > 1e9;
    }
  if (!std::isfinite(low)) low = 0, high = 60;
  double const pitch = std::clamp(1000.0 / static_cast<double>(layers.size()), 22.0, 150.0);
  double const right = kErrorLeft + pitch * static_cast<double>(layers.size());
  ChartScale const y = chart_scale(low - 5, high + 2, kErrorTop + kErrorHeight, exact ? kErrorTop + 20 : kErrorTop);
  size_t longest = 0;
  for (const LayerDb& l : layers)
    longest = std::max(longest, std::min(labels.text(l.op->name, kLabelLength).size(), kLabelLength));
  double const foot = 24 + 5.6 * static_cast<double>(longest);
  std::string out = svg_open(right + 20, kErrorTop + kErrorHeight + foot, "SQNR of each layer, alone and accumulated");
  out += horizontal_grid(y, kErrorLeft, right);
  auto const at = std::back_inserter(out);
  if (exact)
    fmt::format_to(at,
                   "<line class=grid x1={0:.0f} x2={1:.0f} y1={2:.0f} y2={2:.0f} /><text x={3:.0f} y={4:.0f} "
                   "text-anchor=end>exact</text>\n",
                   kErrorLeft, right, kErrorTop, kErrorLeft - 7, kErrorTop + 4);
  out += y_title("SQNR, dB", 14, kErrorTop + kErrorHeight / 2);
  auto place = [&](double db) { return std::isfinite(db) ? y.place(db) : db > 0 ? kErrorTop : y.from; };
  std::string path, stems, marks;
  for (size_t i = 0; i < layers.size(); ++i) {
    const LayerDb& l = layers[i];
    double const x = kErrorLeft + pitch * (static_cast<double>(i) + 0.5);
    std::string const title = fmt::format("{} {}: alone {}, accumulated {}", escaped(l.op->op), escaped(l.op->name),
                                          decibel_words(l.isolated), decibel_words(l.accumulated));
    if (l.accumulated && l.isolated)
      stems += fmt::format("<line class=stem x1={0:.1f} x2={0:.1f} y1={1:.1f} y2={2:.1f} />\n", x,
                           place(*l.accumulated), place(*l.isolated));
    if (l.accumulated) {
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x, place(*l.accumulated));
      marks += fmt::format("<circle class=blue cx={:.1f} cy={:.1f} r=4><title>{}</title></circle>\n", x,
                           place(*l.accumulated), title);
    }
    if (l.isolated)
      marks += fmt::format("<circle class={} cx={:.1f} cy={:.1f} r={}><title>{}</title></circle>\n",
                           std::isfinite(*l.isolated) ? "orange" : "hollow", x, place(*l.isolated),
                           std::isfinite(*l.isolated) ? 4 : 3, title);
    fmt::format_to(
        at, "<text transform=\"translate({:.1f} {:.0f}) rotate(-55)\" text-anchor=end>{}<title>{}</title></text>\n",
        x + 4, kErrorTop + kErrorHeight + 16, escaped(labels.text(l.op->name, kLabelLength)), escaped(l.op->name));
  }
  return out + stems + fmt::format("<path class=line d=\"{}\" />\n", path) + marks + "</svg>\n";
}

}  // namespace

std::string errors_section(const Report& report) {
  std::vector<LayerDb> layers;
  for (const ReportOp& op : report.ops) {
    LayerDb const l{&op, error_db(op.accumulated), error_db(op.isolated)};
    if (l.accumulated || l.isolated) layers.push_back(l);
  }
  if (layers.empty()) return "";
  std::string const alone = report.no_isolated.empty()
                                ? "<span><i class=o></i>alone: given the float model&#39;s values</span><span><i "
                                  "class=h></i>alone, without any error</span>"
                                : "";
  return fmt::format(
      "<section id=errors><h2>Error by layer</h2>\n<p class=lead>Signal to quantization noise of each result beside "
      "the float "
      "model&#39;s, on {} samples. A layer that is low alone is where the error comes from; {}</p>\n"
      "<div class=key><span><i></i>accumulated: with the error of all layers before</span>{}</div>\n"
      "<figure><div class=scroll>{}</div></figure></section>\n",
      thousands(report.measured),
      report.no_isolated.empty() ? "the line shows how it adds up." : escaped(report.no_isolated) + ".", alone,
      error_chart(layers, NameLabels(report)));
}

}  // namespace narrow
