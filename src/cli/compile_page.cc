#include "cli/compile_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/html_style.h"
#include "cli/html_text.h"
#include "cli/table.h"

namespace narrow {
namespace {

std::string box(int64_t figure, const char* unit, const std::string& text) {
  return fmt::format("<div class=share><b>{} {}</b><span>{}</span></div>\n", grouped(figure), unit, html_text(text));
}

std::string step_table(const CompileResult& result) {
  std::string out =
      "<div class=scroll><table>\n<tr><th>step</th><th>op</th><th>kernel</th><th class=number>products</th>"
      "<th class=number>instructions, modelled</th><th>memory</th></tr>\n";
  for (const CompiledStep& s : result.steps)
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td class=number>{}</td><td class=number>{}</td><td "
        "class=name>{}</td></tr>\n",
        html_text(s.name), html_text(s.op), html_text(s.kernel), s.macs ? grouped(s.macs) : "", grouped(s.instructions),
        html_text(s.reason));
  return out + "</table></div>\n";
}

/// The values of one graph: x is time in ops, y the address.
std::string arena_svg(const std::vector<const PlannedBuffer*>& values) {
  constexpr double kPlanWidth = 900, kPlanHeight = 360, kPlanLeft = 70;
  int first = 0, last = 0;
  int64_t low = values.front()->offset, high = 0;
  for (const PlannedBuffer* v : values) {
    first = std::min(first, v->first);
    last = std::max(last, v->last);
    low = std::min(low, v->offset);
    high = std::max(high, v->offset + v->bytes);
  }
  double const x_unit = (kPlanWidth - kPlanLeft) / (last - first + 1);
  double const y_unit = kPlanHeight / static_cast<double>(std::max<int64_t>(high - low, 1));
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"100%\" role=img aria-label=\"The arena over time\">\n"
      "<text x=\"0\" y=\"12\" fill=\"currentColor\" font-size=\"12\">{2}</text>\n"
      "<text x=\"0\" y=\"{3}\" fill=\"currentColor\" font-size=\"12\">{4}</text>\n",
      kPlanWidth, kPlanHeight, low, kPlanHeight - 2, high);
  for (const PlannedBuffer* v : values)
    out += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" rx=\"2\" fill=\"var(--integer)\" "
        "fill-opacity=\".35\" stroke=\"var(--integer)\"><title>{}: {} bytes from {} on, ops {} to {}</title></rect>\n",
        kPlanLeft + (v->first - first) * x_unit, static_cast<double>(v->offset - low) * y_unit,
        (v->last - v->first + 1) * x_unit, std::max(static_cast<double>(v->bytes) * y_unit, 0.5), html_text(v->tensor),
        grouped(v->bytes), v->offset, v->first, v->last);
  return out + "</svg>\n";
}

}  // namespace

std::string compile_page(const std::string& folder, const CompileResult& result) {
  std::string const name = html_text(folder);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=en><meta charset=utf-8>\n"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "<h1>{}</h1>\n<p>compiled by narrow to C99 that computes with integers alone</p>\n<div class=shares>\n",
      name, kHtmlStyle, name);
  int64_t instructions = 0;
  for (const CompiledStep& s : result.steps) instructions += s.instructions;
  const char* const about = result.measured_by.empty() ? "about " : "";
  std::string const measured =
      result.measured_by.empty() ? "" : fmt::format(", measured by {}", html_text(result.measured_by));
  out += box(result.flash_bytes.value_or(0), "bytes of flash",
             fmt::format("{} of constants, {}{} of code{}", grouped(result.weight_bytes), about,
                         grouped(result.code_bytes.value_or(0)), measured));
  out += box(
      result.arena_bytes.value_or(0), "bytes of arena",
      fmt::format("inputs and outputs included; beside it about {} of stack{}", grouped(result.stack_bytes.value_or(0)),
                  result.state_bytes ? fmt::format(" and {} of state", grouped(result.state_bytes)) : ""));
  out += box(result.macs, "products", fmt::format("about {} instructions, modelled", grouped(instructions)));
  out +=
      "</div>\n<h2>Memory</h2>\n<p>Ops from left to right, addresses from top to bottom. Where boxes overlap, a result "
      "is written over what is not needed any more.</p>\n";
  std::map<int, std::vector<const PlannedBuffer*>> graphs;
  for (const PlannedBuffer& b : result.plan) graphs[b.graph].push_back(&b);
  for (const auto& [graph, values] : graphs) out += arena_svg(values);
  return out + "<h2>Steps</h2>\n" + step_table(result) + "</html>\n";
}

}  // namespace narrow
