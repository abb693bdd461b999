#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

constexpr double kTileWidth = 256, kTileHeight = 80;

/// A share that is never rounded to nothing.
std::string small_percent(double share) {
  if (share == 0) return "0 %";
  return share < 0.00005 ? "&lt; 0.01 %" : fmt::format("{:.{}f} %", 100 * share, share < 0.1 ? 2 : 1);
}

std::string histogram_svg(const ReportTensor& t) {
  std::string out =
      fmt::format("<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" preserveAspectRatio=none role=img aria-label=\"Histogram\">",
                  kTileWidth, kTileHeight);
  double const span = t.histogram_hi - t.histogram_lo;
  auto place = [&](double v) { return std::clamp((v - t.histogram_lo) / span, 0.0, 1.0) * kTileWidth; };
  bool const chosen = t.scale > 0 && t.codes > 0;
  double const from = place(t.chosen_lo), to = place(t.chosen_hi);
  if (chosen)
    out += fmt::format("<rect class=band x={:.1f} y=0 width={:.1f} height={:.0f} />", from, to - from, kTileHeight);
  double most = 0;
  for (int64_t const n : t.counts) most = std::max(most, std::log1p(static_cast<double>(n)));
  double const part = kTileWidth / static_cast<double>(t.counts.size());
  std::string inside, outside;
  for (size_t k = 0; k < t.counts.size(); ++k) {
    if (t.counts[k] == 0) continue;
    double const x = part * static_cast<double>(k),
                 height = std::log1p(static_cast<double>(t.counts[k])) / most * (kTileHeight - 6);
    bool const cut = chosen && (x + part / 2 < from || x + part / 2 > to);
    (cut ? outside : inside) +=
        fmt::format("M{:.0f} {:.0f}v{:.1f}h{:.1f}v{:.1f}", x, kTileHeight, -height, part - 0.6, height);
  }
  if (!inside.empty()) out += fmt::format("<path class=values d=\"{}\" />", inside);
  if (!outside.empty()) out += fmt::format("<path class=cut d=\"{}\" />", outside);
  for (double const v : {t.chosen_lo, t.chosen_hi})
    if (chosen && v > t.histogram_lo - span * 1e-6 && v < t.histogram_hi + span * 1e-6)
      out += fmt::format("<line class=edge x1={0:.1f} x2={0:.1f} y1=0 y2={1:.0f} />",
                         std::clamp(place(v), 0.5, kTileWidth - 0.5), kTileHeight);
  return out + "</svg>";
}

std::string tile(const ReportTensor& t, const NameLabels& labels) {
  std::string out =
      fmt::format("<div class=tile><b title=\"{0}\">{1}</b>", escaped(t.name), escaped(labels.text(t.name, 30)));
  if (!t.counts.empty()) {
    out += histogram_svg(t);
    out += fmt::format("<span class=ends><span>{}</span><span>{}</span></span>", short_number(t.histogram_lo),
                       short_number(t.histogram_hi));
  }
  if (t.scale > 0)
    out += fmt::format("<span>{}: {} to {}, step {}</span>", escaped(t.dtype), short_number(t.chosen_lo),
                       short_number(t.chosen_hi), short_number(t.scale));
  if (t.codes > 0)
    out += fmt::format("<span>clipped {}, {} of {} integers, {:.1f} bits</span>", small_percent(t.clipped),
                       thousands(t.codes_used), thousands(t.codes), t.effective_bits);
  return out + "</div>\n";
}

std::string tensor_row(const ReportTensor& t, const NameLabels& labels) {
  auto number = [](double v) { return fmt::format("<td class=number data-v={}>{}</td>", v, short_number(v)); };
  std::string out = fmt::format("<tr><td class=name>{}</td><td>{}</td>", labels.html(t.name), escaped(t.dtype));
  out += number(t.min) + number(t.max) + number(t.chosen_lo) + number(t.chosen_hi) + number(t.scale);
  out += fmt::format("<td class=number data-v={}>{}</td>", t.clipped, t.codes ? small_percent(t.clipped) : "");
  out += fmt::format("<td class=number data-v={}>{}</td>",
                     t.codes ? static_cast<double>(t.codes_used) / static_cast<double>(t.codes) : 0,
                     t.codes ? fmt::format("{} / {}", thousands(t.codes_used), thousands(t.codes)) : "");
  return out + fmt::format("<td class=number>{}</td></tr>\n", t.codes ? fmt::format("{:.2f}", t.effective_bits) : "");
}

}  // namespace

std::string activations_section(const Report& report) {
  if (report.tensors.empty()) return "";
  NameLabels const labels(report);
  std::string out = fmt::format(
      "<section id=activations><h2>Activations</h2>\n<p class=lead>What the float model&#39;s tensors hold over {} "
      "samples, counts on a "
      "logarithmic scale. The shaded span is what the chosen integers stand for; what lies outside is clipped. "
      "Effective bits are "
      "the entropy of the integers in use.</p>\n<div class=key><span><i></i>chosen range</span><span><i "
      "class=g></i>values</span>"
      "<span><i class=r></i>values beyond the range</span></div>\n<div data-filter=tensors class=tiles>\n",
      thousands(report.measured));
  for (const ReportTensor& t : report.tensors) out += tile(t, labels);
  out +=
      "</div>\n<details><summary>The same as a table</summary><div data-filter=tensors class=scroll><table "
      "class=sorts><thead><tr><th>tensor</th>"
      "<th>type</th><th class=number>least</th><th class=number>greatest</th><th class=number>range from</th><th "
      "class=number>to</th>"
      "<th class=number>step</th><th class=number>clipped</th><th class=number>integers used</th><th "
      "class=number>effective bits</th>"
      "</tr></thead><tbody>\n";
  for (const ReportTensor& t : report.tensors) out += tensor_row(t, labels);
  return out + "</tbody></table></div></details></section>\n";
}

}  // namespace narrow
