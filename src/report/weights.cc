#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

constexpr double kStripWidth = 256, kStripHeight = 80;
constexpr size_t kMostBars = 96;  // of a picture; several neighbouring channels share one beyond that

std::string channel_svg(const ReportWeights& w) {
  float most = 0;
  for (size_t c = 0; c < w.lo.size(); ++c) most = std::max({most, -w.lo[c], w.hi[c]});
  size_t const bars = std::min(w.lo.size(), kMostBars);
  double const pitch = kStripWidth / static_cast<double>(bars), middle = kStripHeight / 2;
  double const unit = most > 0 ? (middle - 2) / static_cast<double>(most) : 0;
  std::string path;
  for (size_t b = 0; b < bars; ++b) {
    float lo = 0, hi = 0;
    for (size_t c = b * w.lo.size() / bars; c < (b + 1) * w.lo.size() / bars; ++c)
      lo = std::min(lo, w.lo[c]), hi = std::max(hi, w.hi[c]);
    path += fmt::format("M{:.1f} {:.1f}v{:.1f}h{:.1f}V{:.1f}", pitch * static_cast<double>(b) + pitch * 0.1,
                        middle - static_cast<double>(hi) * unit, static_cast<double>(hi - lo) * unit, pitch * 0.8,
                        middle - static_cast<double>(hi) * unit);
  }
  return fmt::format(
      "<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" preserveAspectRatio=none role=img aria-label=\"Range of each channel\">"
      "<path class=blue d=\"{2}\" /><line class=axis x1=0 x2={0:.0f} y1={3:.0f} y2={3:.0f} /></svg>",
      kStripWidth, kStripHeight, path, middle);
}

}  // namespace

std::string weights_section(const Report& report) {
  if (report.weights.empty()) return "";
  NameLabels const labels(report);
  std::string out =
      "<section id=weights><h2>Weights by channel</h2>\n<p class=lead>The range of the weights of each output channel, "
      "from the first to the "
      "last; the tile is as high as the largest of them. Channels that are far smaller than the largest want scales of "
      "their own.</p>\n"
      "<div data-filter=layers class=tiles>\n";
  for (const ReportWeights& w : report.weights) {
    float most = 0;
    int64_t elements = 1;
    for (size_t c = 0; c < w.lo.size(); ++c) most = std::max({most, -w.lo[c], w.hi[c]});
    for (int32_t const d : w.shape) elements *= d;
    std::string const scales = w.scales == 0   ? "no scale"
                               : w.scales == 1 ? "one scale"
                                               : fmt::format("{} scales", thousands(static_cast<int64_t>(w.scales)));
    auto const db = error_db(w.error);
    out += fmt::format(
        "<div class=tile><b title=\"{}: {}\">{}</b>{}<span class=ends><span>{} "
        "channels</span><span>&plusmn;{}</span></span>"
        "<span>{} bits, {}, {} weights{}</span><span>{:.1f} % zeros</span></div>\n",
        escaped(w.op), escaped(w.name), escaped(labels.text(w.op, 30)), channel_svg(w),
        thousands(static_cast<int64_t>(w.lo.size())), short_number(static_cast<double>(most)), w.bits, scales,
        thousands(elements), db ? ", SQNR " + decibel_words(db) : "",
        elements ? 100.0 * static_cast<double>(w.zeros) / static_cast<double>(elements) : 0.0);
  }
  return out + "</div></section>\n";
}

}  // namespace narrow
