#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

std::string db_cell(const std::optional<ErrorSums>& error) {
  auto const db = error_db(error);
  std::string const key = !db ? "" : std::isfinite(*db) ? fmt::format("{:.4f}", *db) : *db > 0 ? "1e9" : "-1e9";
  return fmt::format("<td class=number data-v=\"{}\">{}</td>", key, decibel_words(db));
}

std::string plain_number(int64_t n) {
  return fmt::format("<td class=number data-v={}>{}</td>", n, n ? thousands(n) : "");
}

std::string layer_row(const ReportOp& op, const NameLabels& labels, bool several_graphs) {
  std::string const at = several_graphs ? fmt::format("{}:{}", op.graph, op.index) : std::to_string(op.index);
  std::string out =
      fmt::format("<tr><td class=number>{}</td><td class=name>{}</td><td>{}</td><td class=\"tag {}\">{}</td>", at,
                  labels.html(op.name), escaped(op.op), op.outcome, op.outcome);
  out += fmt::format("<td class=number>{}</td><td class=number>{}</td>",
                     op.weight_bits ? std::to_string(op.weight_bits) : "",
                     op.activation_bits ? std::to_string(op.activation_bits) : "");
  out += db_cell(op.isolated) + db_cell(op.accumulated) + plain_number(op.constant_bytes) + plain_number(op.macs);
  out += fmt::format("<td class=fit>{} {}</td><td class=number>{}</td><td class=number>{}</td>", escaped(op.dtype),
                     shape_words(op.shape), op.scale ? short_number(*op.scale) : "",
                     op.scale ? std::to_string(op.zero_point) : "");
  return out + fmt::format("<td class=why>{}</td></tr>\n", sentence(op.reason));
}

/// A column for each op: bars as high as its weights' and activations' widths.
std::string width_strip(const std::vector<const ReportOp*>& ops) {
  constexpr double kStripLeft = 44, kUnit = 3.4, kMostBits = 16;
  double const pitch = std::clamp(900.0 / static_cast<double>(ops.size()), 16.0, 60.0);
  double const base = 12 + kMostBits * kUnit, right = kStripLeft + pitch * static_cast<double>(ops.size());
  std::string out = svg_open(right + 10, base + 8, "Widths in bits of each layer");
  auto const at = std::back_inserter(out);
  for (int const bits : {4, 8, 16})
    fmt::format_to(at,
                   "<line class=grid x1={0:.0f} x2={1:.0f} y1={2:.1f} y2={2:.1f} /><text x={3:.0f} y={4:.1f} "
                   "text-anchor=end>{5}</text>\n",
                   kStripLeft, right, base - bits * kUnit, kStripLeft - 6, base - bits * kUnit + 4, bits);
  for (size_t i = 0; i < ops.size(); ++i) {
    double const x = kStripLeft + pitch * static_cast<double>(i);
    auto bar = [&](int bits, double from, const char* colour) {
      double const height = std::min<double>(bits, kMostBits + 2) * kUnit;
      if (bits > 0)
        fmt::format_to(at, "<rect class={} x={:.1f} y={:.1f} width={:.1f} height={:.1f} />", colour, x + from * pitch,
                       base - height, pitch * 0.36, height);
    };
    fmt::format_to(at, "<g><title>{}: {} bits of weights, {} of activations</title>", escaped(ops[i]->name),
                   ops[i]->weight_bits, ops[i]->activation_bits);
    bar(ops[i]->weight_bits, 0.1, "blue");
    bar(ops[i]->activation_bits, 0.5, "orange");
    out += "</g>\n";
  }
  return out + "</svg>\n";
}

std::string widths(const Report& report) {
  std::set<int> weights, activations;
  std::vector<const ReportOp*> shown;
  for (const ReportOp& op : report.ops) {
    if (op.weight_bits) weights.insert(op.weight_bits);
    if (op.activation_bits) activations.insert(op.activation_bits);
    if (op.weight_bits || op.activation_bits) shown.push_back(&op);
  }
  if (weights.size() <= 1 && activations.size() <= 1)
    return fmt::format("<p class=lead>All weights have {} bits, all results {}.</p>\n",
                       weights.empty() ? std::string("no") : fmt::format("{}", fmt::join(weights, ", ")),
                       activations.empty() ? std::string("none") : fmt::format("{}", fmt::join(activations, ", ")));
  return fmt::format(
      "<div class=key><span><i></i>bits of weights</span><span><i class=o></i>bits of results (floats have "
      "32)</span></div>\n"
      "<figure><div class=scroll>{}</div></figure>\n",
      width_strip(shown));
}

}  // namespace

std::string layers_section(const Report& report) {
  bool const several = !report.ops.empty() && report.ops.back().graph > 0;
  std::string out = "<section id=layers><h2>Layers</h2>\n" + widths(report);
  out +=
      "<div data-filter=layers class=scroll><table class=sorts><thead><tr><th "
      "class=number>#</th><th>name</th><th>op</th>"
      "<th>outcome</th><th class=number title=\"bits of weights\">W</th><th class=number title=\"bits of the "
      "result\">A</th>"
      "<th class=number>SQNR alone</th><th class=number>accumulated</th><th class=number>constant bytes</th>"
      "<th class=number>MACs</th><th>result</th><th class=number>scale</th><th class=number>zero point</th><th>why</th>"
      "</tr></thead><tbody>\n";
  NameLabels const labels(report);
  for (const ReportOp& op : report.ops) out += layer_row(op, labels, several);
  return out + "</tbody></table></div></section>\n";
}

}  // namespace narrow
