#include "cli/quality_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/decibels.h"
#include "cli/table.h"
#include "cli/talk.h"

namespace narrow {
namespace {

constexpr double kWorthTelling = 0.5;  // decibels

}  // namespace

std::string quality_text(const QualityReport& quality) {
  Table table({">SQNR dB", ">logits dB", ">typical", ">time", "", "~ranges, steps"});
  for (size_t k = 0; k < quality.trials.size(); ++k) {
    const QualityTrial& t = quality.trials[k];
    table.row({decibels(t.sqnr_db), decibels(t.logits_db), decibels(t.typical_db), fmt::format("{:.2f} s", t.seconds),
               k == quality.chosen ? "*" : "", t.chain});
  }
  return fmt::format("tried on {} samples held back; * has the least error:\n{}", quality.held_back, table.text());
}

std::string scaled_text(const std::vector<ScaledChannels>& scaled) {
  if (scaled.empty()) return {};
  int64_t channels = 0;
  double least = scaled.front().least, most = scaled.front().most;
  for (const ScaledChannels& s : scaled) {
    channels += s.channels;
    least = std::min(least, s.least);
    most = std::max(most, s.most);
  }
  return fmt::format("channels scaled: {}, in {} group{} of tensors, by {:.3g} to {:.3g}", grouped(channels),
                     scaled.size(), scaled.size() == 1 ? "" : "s", least, most);
}

void print_advice(const QualityReport& quality) {
  if (!quality.output_steps || quality.output_steps->gain_db.value_or(0) < kWorthTelling) return;
  double const share = std::pow(10, (quality.trials[quality.chosen].logits_db - quality.output_steps->own_db) / 10);
  print_note(
      fmt::format("the output's own steps make up {} of the error: --io int16 (or float32) would give {:.1f} dB more",
                  share >= 0.5 ? "most" : fmt::format("{:.0f} %", 100 * share), *quality.output_steps->gain_db));
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
        .member("typical_db", t.typical_db)
        .member("seconds", t.seconds)
        .end_object();
  out.end_array();
  if (const auto& steps = quality.output_steps)
    out.key("output_steps")
        .begin_object()
        .member("own_db", steps->own_db)
        .member("gain_db", steps->gain_db)
        .end_object();
  out.end_object();
}

void write_scaled(JsonWriter& out, const std::vector<ScaledChannels>& scaled) {
  if (scaled.empty()) return;
  out.key("scaled").begin_array();
  for (const ScaledChannels& s : scaled)
    out.begin_object()
        .member("tensors", s.tensors)
        .member("writers", s.writers)
        .member("readers", s.readers)
        .member("channels", s.channels)
        .member("least_factor", s.least)
        .member("largest_factor", s.most)
        .end_object();
  out.end_array();
}

}  // namespace narrow
