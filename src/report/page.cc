// report_html: the sections in their order, with the numbers themselves at the end.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/guarded.h"
#include "narrow/report.h"
#include "narrow/version.h"
#include "report/assets.h"
#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

std::string subtitle(const Report& report) {
  std::string out = report.scheme.empty() ? "" : "quantized to <b>" + escaped(report.scheme) + "</b>";
  auto add = [&](const std::string& words) { out += (out.empty() ? "" : " \xC2\xB7 ") + words; };
  if (!report.source.empty()) add("from " + name_html(report.source, 60));
  if (report.calibrated > 0) add(fmt::format("ranges of {} samples", thousands(report.calibrated)));
  if (report.measured == 0) add("no samples to measure layers on");
  if (report.measured > 0) {
    std::string const of =
        report.given > report.measured ? fmt::format(", evenly spaced ones of {}", thousands(report.given)) : "";
    add(fmt::format("layers measured on {} samples{}", thousands(report.measured), of));
  }
  return out;
}

/// JSON within a page may not end its own element.
std::string inside_script(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (char const c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string report_html(const Report& report) {
  std::array<std::pair<const char*, std::string>, 9> const sections{{{"What to do", advice_section(report)},
                                                                     {"Accuracy against cost", compare_section(report)},
                                                                     {"Error by layer", errors_section(report)},
                                                                     {"Layers", layers_section(report)},
                                                                     {"Activations", activations_section(report)},
                                                                     {"Weights", weights_section(report)},
                                                                     {"Memory", memory_section(report)},
                                                                     {"Costs", costs_section(report)},
                                                                     {"Making", making_section(report)}}};
  constexpr std::array kIds{"advice",  "compare", "errors", "layers", "activations",
                            "weights", "memory",  "costs",  "making"};
  std::string const name = escaped(report.title);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n<meta name=viewport content=\"width=device-width, "
      "initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style></head>\n<body><header><div><div class=mark>narrow</div><h1>{0}</h1>\n<p "
      "class=dim>{2}</p></div></header>\n<nav><div>\n",
      name, kReportStyle, subtitle(report));
  for (size_t k = 0; k < sections.size(); ++k)
    if (!sections[k].second.empty()) out += fmt::format("<a href=\"#{}\">{}</a>\n", kIds[k], sections[k].first);
  out += "</div></nav>\n<main>\n" + verdict_cards(report);
  for (auto const& [title, html] : sections) out += html;
  out += fmt::format(
      "<footer><span>Written by narrow {}. Every number here is in the file itself, as JSON.</span>"
      "<button id=save hidden data-name=\"{}.report.json\">Save the numbers as JSON</button></footer></main>\n",
      escaped(version()), name);
  out += "<script type=\"application/json\" id=numbers>" + inside_script(report_json(report)) + "</script>\n";
  return out + fmt::format("<script>{}</script></body></html>\n", kReportScript);
}

}  // namespace narrow
