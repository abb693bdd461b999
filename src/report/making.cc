#include <fmt/format.h>

#include <cmath>

#include "report/sections.h"
#include "report/text.h"

namespace narrow {
namespace {

std::string trial_text(const RangeTrial& t) {
  return (t.accuracy ? fmt::format("{:.2f} %, ", 100 * *t.accuracy) : std::string()) +
         fmt::format("agreement {:.2f} %, error {:.3g}", 100 * t.agreement, t.error);
}

std::string chains(const Report& report) {
  if (!report.quality) return "";
  const QualityReport& q = *report.quality;
  std::string out = fmt::format(
      "<h3>Ways that were tried</h3><p class=dim>Chains of steps, judged on {} samples that none was made from; the "
      "one in bold was taken.</p>\n"
      "<div class=scroll><table class=sorts><thead><tr><th>steps</th><th class=number>SQNR of the outputs</th><th "
      "class=number>of logits</th>"
      "<th class=number>typical</th></tr></thead><tbody>\n",
      thousands(q.held_back));
  for (size_t k = 0; k < q.trials.size(); ++k) {
    const QualityTrial& t = q.trials[k];
    auto cell = [](double db) {
      return fmt::format("<td class=number data-v={}>{}</td>", std::isfinite(db) ? db : 1e9, decibel_words(db));
    };
    const char* const mark = k == q.chosen ? "b" : "span";
    out += fmt::format("<tr><td><{0}>{1}</{0}></td>{2}{3}{4}</tr>\n", mark, escaped(t.chain), cell(t.sqnr_db),
                       cell(t.logits_db), cell(t.typical_db));
  }
  return out + "</tbody></table></div>\n";
}

std::string names_cell(const std::vector<std::string>& list, const NameLabels& labels) {
  std::string out = "<td class=name>";
  for (size_t k = 0; k < list.size(); ++k) out += (k ? ", " : "") + labels.html(list[k]);
  return out + "</td>";
}

std::string scaled_table(const Report& report) {
  if (report.scaled.empty()) return "";
  NameLabels const labels(report);
  std::string out =
      "<h3>Channels scaled</h3><p class=dim>Layers multiply each channel by a factor, those that read them divide by "
      "it.</p>\n"
      "<div class=scroll><table class=sorts><thead><tr><th class=number>channels</th><th class=number>least "
      "factor</th><th class=number>largest</th>"
      "<th>multiplied in</th><th>divided in</th><th>tensors</th></tr></thead><tbody>\n";
  for (const ScaledChannels& s : report.scaled)
    out += fmt::format(
        "<tr><td class=number>{}</td><td class=number>{:.3g}</td><td class=number>{:.3g}</td>{}{}{}</tr>\n", s.channels,
        s.least, s.most, names_cell(s.writers, labels), names_cell(s.readers, labels), names_cell(s.tensors, labels));
  return out + "</tbody></table></div>\n";
}

std::string search_table(const Report& report) {
  if (!report.search) return "";
  const SearchReport& search = *report.search;
  std::string out = fmt::format(
      "<h3>Range search</h3><p class=dim>Over {} samples, by {}, with float layers behind the one that is tried; the "
      "range in bold is the best. "
      "Quantized whole: found {}; as wide as the values {}; the {} are kept.</p>\n<div class=scroll><table><tbody>\n",
      thousands(search.samples), search.accuracy ? "accuracy" : "mean squared error of the outputs",
      trial_text(search.found), trial_text(search.widest), search.kept_widest ? "widest" : "found ones");
  for (const SearchedRange& range : search.ranges) {
    out += fmt::format("<tr><td>{}</td><td class=name>{}</td>", range.op.empty() ? "input" : escaped(range.op),
                       name_html(range.tensor));
    for (const RangeTrial& t : range.candidates) {
      const char* const mark = t.range == range.found ? "b" : "span";
      out += fmt::format("<td class=number><{0}>&plusmn;{1:g}: {2}</{0}></td>", mark, t.range, trial_text(t));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string said(const Report& report) {
  std::string out;
  if (!report.folded.empty()) {
    out += "<h3>Folded into other ops</h3><p>";
    for (size_t k = 0; k < report.folded.size(); ++k)
      out += fmt::format("{}{} {}", k ? ", " : "", thousands(report.folded[k].second), escaped(report.folded[k].first));
    out += "</p>\n";
  }
  std::string refused;
  for (const ReportOp& op : report.ops)
    if (op.outcome == "float" && !op.reason.empty())
      refused += fmt::format("<li>{} {}: {}</li>\n", escaped(op.op), name_html(op.name), sentence(op.reason));
  if (!refused.empty()) out += "<h3>Stays float</h3><ul class=said>\n" + refused + "</ul>\n";
  if (report.notes.empty()) return out;
  out += "<h3>Notes</h3><ul class=said>\n";
  for (const std::string& n : report.notes) out += fmt::format("<li>{}</li>\n", sentence(n));
  return out + "</ul>\n";
}

}  // namespace

std::string making_section(const Report& report) {
  std::string const out = said(report) + chains(report) + search_table(report) + scaled_table(report);
  return out.empty() ? "" : "<section id=making><h2>How it was made</h2>\n" + out + "</section>\n";
}

}  // namespace narrow
