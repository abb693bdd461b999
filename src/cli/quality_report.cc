#include "cli/quality_report.h"

#include <fmt/format.h>

#include "cli/decibels.h"

namespace narrow {
std::string quality_text(const QualityReport& quality) {
  Table table({">SQNR dB", ">logits dB", ">time", "", "~ranges, steps"});
  for (size_t k = 0; k < quality.trials.size(); ++k) {
    const QualityTrial& t = quality.trials[k];
    table.row({decibels(t.sqnr_db), decibels(t.logits_db), fmt::format("{:.2f} s", t.seconds),
               k == quality.chosen ? "*" : "", t.chain});
  }
  return fmt::format("tried on {} samples held back; * has the least error:\n{}", quality.held_back, table.text());
}

void write_quality(JsonWriter& out, const QualityReport& quality) {
  out.key("quality")
      .begin_object()
      .member("held_back", quality.held_back)
      .member("chosen", static_cast<int64_t>(quality.chosen))
      .key("trials")
      .begin_array();
  for (const QualityTrial& t : quality.trials)
    out.begin_object()
        .member("chain", t.chain)
        .member("sqnr_db", t.sqnr_db)
        .member("logits_db", t.logits_db)
        .member("seconds", t.seconds)
        .end_object();
  out.end_array().end_object();
}

}  // namespace narrow
