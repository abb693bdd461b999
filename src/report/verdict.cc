#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

const ReportCandidate* reported(const Report& report) {
  for (const ReportCandidate& c : report.candidates)
    if (c.kind == ReportCandidate::Kind::model && c.name == report.title) return &c;
  return nullptr;
}

std::string card(const std::string& figure, const std::string& what, const std::string& more) {
  return fmt::format("<div class=card><span>{}</span><b>{}</b><span>{}</span></div>\n", what, figure, more);
}

std::string verdict_value(const ReportVerdict& v, double value) {
  if (std::isnan(value)) return "not known";
  if (v.unit == "bytes") return bytes_words(std::llround(value));
  return fmt::format("{:.2f} {}", value, v.unit);
}

std::string verdict_card(const ReportVerdict& v) {
  const char* const what = v.what == "flash"  ? "Flash of the C project"
                           : v.what == "ram"  ? "RAM: arena, state, stack"
                           : v.what == "sqnr" ? "SQNR of the outputs"
                                              : "Drop of top-1 accuracy";
  bool const least = v.what == "sqnr";
  double const share = v.limit > 0 && std::isfinite(v.value) ? std::clamp(100 * v.value / v.limit, 0.0, 100.0) : 0;
  return fmt::format(
      "<div class=\"card {}\"><span>{}</span><b>{}</b><span><em>{}</em> {} {}</span>"
      "<div class=meter><i style=\"width:{:.1f}%\"></i></div></div>\n",
      v.kept ? "kept" : "missed", what, verdict_value(v, v.value), v.kept ? "\xE2\x9C\x93 fits" : "\xE2\x9C\x97 misses",
      least ? "at least" : "of", verdict_value(v, v.limit), share);
}

std::string size_card(const Report& report) {
  if (report.bytes_before <= 0) return card(bytes_words(report.bytes), "Model file", "");
  double const percent = 100.0 * static_cast<double>(report.bytes) / static_cast<double>(report.bytes_before);
  return card(bytes_words(report.bytes), "Model file",
              fmt::format("{:.0f} % of {} before", percent, bytes_words(report.bytes_before)));
}

bool judged(const Report& report, const char* what) {
  return std::ranges::any_of(report.verdict, [&](const ReportVerdict& v) { return v.what == what; });
}

std::string quality_cards(const Report& report) {
  const ReportCandidate* const c = reported(report);
  if (!c || (!c->top1 && !c->sqnr_db)) return "";
  std::string out, of = fmt::format("on {} samples", thousands(c->samples));
  if (c->top1) {
    std::string beside = of;
    for (const ReportCandidate& r : report.candidates)
      if (r.kind == ReportCandidate::Kind::reference && r.top1)
        beside = fmt::format("float {}, {}", percent_words(r.top1), of);
    out += card(percent_words(c->top1), "Top-1 accuracy", beside);
  }
  if (c->sqnr_db && !judged(report, "sqnr"))
    out += card(decibel_words(c->sqnr_db), "SQNR of the outputs",
                c->agreement ? fmt::format("largest output agrees in {}", percent_words(c->agreement)) : of);
  return out;
}

}  // namespace

std::string verdict_cards(const Report& report) {
  std::string out = "<div class=cards id=verdict>\n";
  for (const ReportVerdict& v : report.verdict) out += verdict_card(v);
  out += size_card(report) + quality_cards(report);
  if (const auto& p = report.project) {
    if (!judged(report, "flash"))
      out += card(bytes_words(p->flash), "Flash in C", fmt::format("{} of constants", bytes_words(p->constants)));
    if (!judged(report, "ram"))
      out += card(bytes_words(p->arena + p->state + p->stack), "RAM in C",
                  fmt::format("{} of arena, {} of stack", bytes_words(p->arena), bytes_words(p->stack)));
    out += card(count_words(p->cycles), "Cycles an inference",
                fmt::format("modelled, {}; {} MACs", escaped(p->core), count_words(p->macs)));
  } else {
    out += card(count_words(report.macs), "Multiply-accumulates", "an inference");
  }
  if (report.float_macs > 0)
    out += card(fmt::format("{:.1f} %", report.macs ? 100.0 * static_cast<double>(report.float_macs) /
                                                          static_cast<double>(report.macs)
                                                    : 0.0),
                "MACs that stay float", fmt::format("{} of weights are float", bytes_words(report.float_weight_bytes)));
  return out + "</div>\n";
}

std::string advice_section(const Report& report) {
  bool const refused = !report.no_project.empty();
  if (report.advice.empty() && report.warnings.empty() && !refused) return "";
  std::string out = "<section id=advice><h2>What to do</h2>\n";
  if (!report.advice.empty()) {
    out += "<ul class=\"said advice\">\n";
    for (const std::string& a : report.advice) out += fmt::format("<li>{}</li>\n", sentence(a));
    out += "</ul>\n";
  }
  if (!report.warnings.empty() || refused) {
    out += "<ul class=\"said warn\">\n";
    for (const std::string& w : report.warnings) out += fmt::format("<li>{}</li>\n", sentence(w));
    if (refused) out += fmt::format("<li>No project in C: {}</li>\n", sentence(report.no_project));
    out += "</ul>\n";
  }
  return out + "</section>\n";
}

}  // namespace narrow
