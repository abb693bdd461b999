#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/chart.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

constexpr double kPlanLeft = 62, kPlanTop = 14, kPlanHeight = 280, kPlanFoot = 46;

std::string plan_svg(const ReportProject& project, const NameLabels& labels) {
  int first = 0, last = 0;
  int64_t high = 1;
  int64_t low = INT64_MAX;
  for (const PlannedBuffer& b : project.plan) {
    if (b.graph != project.plan_graph) continue;
    first = std::min(first, b.first);
    last = std::max(last, b.last);
    low = std::min(low, b.offset);
    high = std::max(high, b.offset + b.bytes);
  }
  if (low == INT64_MAX) return "";
  int const ops = last - first + 1;
  double const pitch = std::clamp(880.0 / ops, 14.0, 90.0), right = kPlanLeft + pitch * ops;
  ChartScale y = chart_scale(static_cast<double>(low), static_cast<double>(high), kPlanTop + kPlanHeight, kPlanTop);
  std::string out = svg_open(right + 20, kPlanTop + kPlanHeight + kPlanFoot, "The arena over time");
  out += horizontal_grid(y, kPlanLeft, right);
  out += y_title("address, bytes", 14, kPlanTop + kPlanHeight / 2);
  auto const at = std::back_inserter(out);
  int const every = std::max(1, static_cast<int>(std::ceil(34.0 / pitch)));
  for (int op = std::max(first, 0); op < last; op += every)
    fmt::format_to(at, "<text x={:.1f} y={:.0f} text-anchor=middle>{}</text>\n", kPlanLeft + pitch * (op - first + 0.5),
                   y.from + 16, op);
  fmt::format_to(at, "<text x={:.0f} y={:.0f} text-anchor=middle>time, in ops</text>\n", (kPlanLeft + right) / 2,
                 y.from + 36);
  int number = 0;
  for (const PlannedBuffer& b : project.plan) {
    if (b.graph != project.plan_graph) continue;
    bool const border = b.first < 0 || b.last == last;
    double const x = kPlanLeft + pitch * (b.first - first), width = pitch * (b.last - b.first + 1);
    double const top = y.place(static_cast<double>(b.offset + b.bytes)),
                 height = y.place(static_cast<double>(b.offset)) - top;
    fmt::format_to(at,
                   "<rect class=\"box{}\" x={:.1f} y={:.1f} width={:.1f} height={:.1f} rx=2><title>{}: {} bytes from "
                   "{} on, ops {} to {}</title></rect>\n",
                   border         ? " border"
                   : number++ % 2 ? " odd"
                                  : "",
                   x, top, width, std::max(height, 0.7), escaped(b.tensor), thousands(b.bytes), b.offset, b.first,
                   b.last);
    size_t const room = static_cast<size_t>(std::max(0.0, (width - 8) / 7));
    double const baseline = number % 2 ? top + 13 : top + height - 5;  // boxes over each other have labels at two ends
    if (height > 15 && room >= 10)
      fmt::format_to(at, "<text class=ink x={:.1f} y={:.1f} text-anchor=middle pointer-events=none>{}</text>\n",
                     x + width / 2, baseline, escaped(labels.text(b.tensor, room)));
  }
  return out + "</svg>\n";
}

std::string bar_cell(int64_t value, int64_t most, const char* colour) {
  double const percent = most > 0 ? 100.0 * static_cast<double>(value) / static_cast<double>(most) : 0;
  return fmt::format("<td class=\"bar {}\" data-v={}>{}<i style=\"width:{:.1f}%\"></i></td>", colour, value,
                     thousands(value), percent);
}

}  // namespace

std::string memory_section(const Report& report) {
  if (!report.project || report.project->plan.empty()) return "";
  std::string const picture = plan_svg(*report.project, NameLabels(report));
  if (picture.empty()) return "";
  return fmt::format(
      "<section id=memory><h2>Memory over time</h2>\n<p class=lead>Each box is a value in the arena of {} bytes, as "
      "wide as it is held and as high as "
      "it is large. Where boxes overlap, a result is written over what is not needed any more.</p>\n<div "
      "class=key><span><i class=o></i>inputs and "
      "outputs</span><span><i></i><i class=n></i>values between</span></div>\n<figure><div "
      "class=scroll>{}</div></figure></section>\n",
      thousands(report.project->arena), picture);
}

std::string costs_section(const Report& report) {
  if (!report.project) return "";
  const ReportProject& p = *report.project;
  NameLabels const labels(report);
  int64_t flash = 0, ram = 0, macs = 0, cycles = 0;
  for (const ReportStep& s : p.steps) {
    flash = std::max(flash, s.flash), ram = std::max(ram, s.ram);
    macs = std::max(macs, s.macs), cycles = std::max(cycles, s.cycles);
  }
  bool const measured = !p.measured_by.empty();
  const char* const about = measured ? "" : "about ";
  std::string out = fmt::format(
      "<section id=costs><h2>Cost by layer</h2>\n<p class=lead>Of the project in C: {} bytes of flash ({} of "
      "constants, "
      "{}{} of code), {} bytes of arena, {}{} of stack{}{}; {} cycles an inference, modelled for {}.</p>\n",
      thousands(p.flash), thousands(p.constants), about, thousands(p.code), thousands(p.arena), about,
      thousands(p.stack), p.state ? fmt::format(", {} of state", thousands(p.state)) : "",
      measured ? fmt::format("; code and stack measured by {}", escaped(p.measured_by)) : "", thousands(p.cycles),
      escaped(p.core));
  out +=
      "<div data-filter=layers class=scroll><table class=sorts><thead><tr><th>layer</th><th>op</th>"
      "<th class=number>flash: constants</th><th class=number>RAM in use</th><th class=number>MACs</th>"
      "<th class=number>cycles</th><th>kernel</th></tr></thead><tbody>\n";
  for (const ReportStep& s : p.steps)
    out += fmt::format("<tr><td class=name>{}</td><td>{}</td>{}{}{}{}<td class=why>{}</td></tr>\n", labels.html(s.name),
                       escaped(s.op), bar_cell(s.flash, flash, "b"), bar_cell(s.ram, ram, "n"),
                       bar_cell(s.macs, macs, "o"), bar_cell(s.cycles, cycles, "p"), escaped(s.kernel));
  return out + "</tbody></table></div></section>\n";
}

}  // namespace narrow
