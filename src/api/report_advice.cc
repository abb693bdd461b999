#include "api/report_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "narrow/inspect.h"

namespace narrow {
namespace {

constexpr double kWorthAdvice = 0.5;      // decibels that 16-bit outputs have to gain
constexpr double kMuchClipped = 0.01;     // share of a tensor's values
constexpr double kBelowTypical = 12;      // decibels by which a layer alone is worse than the typical one
constexpr int64_t kFewCodes = 64;         // of the 256 integers of a tensor of 8 bits
constexpr int64_t kTooFewForRanges = 20;  // to know ranges from
constexpr size_t kMostNamed = 3;          // layers or tensors of one kind

/// "a, b, c and 4 others".
std::string listed(const std::vector<std::string>& names) {
  size_t const shown = std::min(names.size(), kMostNamed);
  std::string out =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() == shown) return out;
  size_t const rest = names.size() - shown;
  return out + fmt::format(" and {} other{}", rest, rest == 1 ? "" : "s");
}

void advise_outputs(const Report& report, std::vector<std::string>& out) {
  if (!report.quality || !report.quality->output_steps) return;
  double const gain = report.quality->output_steps->gain_db.value_or(0);
  if (gain >= kWorthAdvice)
    out.push_back(
        fmt::format("The output's own steps make up much of the error: `io=int16` (or `io=float32`) would "
                    "give {:.1f} dB more.",
                    gain));
}

void advise_layers(const Report& report, std::vector<std::string>& out) {
  std::vector<double> alone;
  for (const ReportOp& op : report.ops)
    if (op.isolated && std::isfinite(op.isolated->sqnr_db())) alone.push_back(op.isolated->sqnr_db());
  if (alone.size() < 3) return;
  auto const middle = alone.begin() + std::ssize(alone) / 2;
  std::ranges::nth_element(alone, middle);
  double const typical = *middle;
  std::vector<std::pair<double, const ReportOp*>> weak;
  for (const ReportOp& op : report.ops) {
    bool const wide = op.activation_bits >= 16 && (op.weight_bits == 0 || op.weight_bits >= 16);
    if (op.isolated && op.isolated->noise > 0 && op.isolated->sqnr_db() < typical - kBelowTypical && !wide)
      weak.emplace_back(op.isolated->sqnr_db(), &op);
  }
  std::ranges::stable_sort(weak, {}, [](const auto& w) { return w.first; });
  std::vector<std::string> narrow, others;
  for (auto const& [db, op] : weak)
    (op->weight_bits > 0 && op->weight_bits < 8 ? narrow : others)
        .push_back(fmt::format("{} ({:.1f} dB)", op->name, db));
  auto say = [&](const std::vector<std::string>& names, const char* remedy) {
    bool const one = names.size() == 1;
    if (!names.empty())
      out.push_back(fmt::format(
          "By {}, {} {} far more error than the typical layer ({:.1f} dB): give {} {} by a rule "
          "of a `recipe`, or let `fit` choose the widths.",
          one ? "itself" : "themselves", listed(names), one ? "makes" : "make", typical, one ? "it" : "them", remedy));
  };
  say(narrow, "weights of 8 bits");
  say(others, "16-bit activations");
}

void advise_tensors(const Report& report, std::vector<std::string>& out) {
  std::vector<std::string> clipped, coarse;
  for (const ReportTensor& t : report.tensors) {
    // Results of SOFTMAX and the like end one step below 1: values there lose next to nothing.
    double const beyond = std::max(t.max - t.chosen_hi, t.chosen_lo - t.min);
    if (t.clipped > kMuchClipped && beyond > 2 * t.scale)
      clipped.push_back(fmt::format("{} ({:.1f} %)", t.name, 100 * t.clipped));
    bool const computed =
        std::ranges::any_of(report.ops, [&](const ReportOp& op) { return op.name == t.name && op.outcome != "added"; });
    if (computed && t.codes == 256 && t.values > 1000 && t.codes_used < kFewCodes)
      coarse.push_back(fmt::format("{} ({} of 256)", t.name, t.codes_used));
  }
  if (!clipped.empty())
    out.push_back(
        fmt::format("Values beyond the chosen range are clipped in {}: `range=minmax` keeps all that the "
                    "samples reach; samples that the ranges were not made from may go beyond these.",
                    listed(clipped)));
  if (!coarse.empty())
    out.push_back(
        fmt::format("Few integers tell the values apart in {}: a few large values may stretch the range; "
                    "`range=mse` or `range=percentile` clips these, and 16-bit activations make steps finer.",
                    listed(coarse)));
}

void advise_floats(const Report& report, std::vector<std::string>& out) {
  std::vector<std::string> names;
  for (const ReportOp& op : report.ops)
    if (op.outcome == "float" && !op.reason.empty()) names.push_back(op.name);
  if (!names.empty() && names.size() < report.ops.size() && report.scheme != "dynamic" && report.scheme != "float16")
    out.push_back(
        fmt::format("{} stay{} float, for the reasons in the table of layers: a chip without floats cannot "
                    "run {}.",
                    listed(names), names.size() == 1 ? "s" : "", names.size() == 1 ? "it" : "them"));
}

void advise_weights(const Report& report, std::vector<std::string>& out) {
  std::vector<std::string> names;
  for (const ReportWeights& w : report.weights) {
    if (w.scales != 1 || w.lo.size() < 4) continue;
    std::vector<float> largest;
    for (size_t c = 0; c < w.lo.size(); ++c) largest.push_back(std::max(-w.lo[c], w.hi[c]));
    auto const middle = largest.begin() + std::ssize(largest) / 2;
    float const most = *std::ranges::max_element(largest);
    std::ranges::nth_element(largest, middle);
    if (static_cast<double>(most) > kOutlierChannel * static_cast<double>(*middle)) names.push_back(w.op);
  }
  if (!names.empty())
    out.push_back(
        fmt::format("One channel of the weights of {} reaches far beyond the others, and all share one "
                    "scale: `granularity=channel` gives each its own.",
                    listed(names)));
}

}  // namespace

std::vector<std::string> report_advice(const Report& report) {
  std::vector<std::string> out;
  advise_outputs(report, out);
  advise_layers(report, out);
  advise_tensors(report, out);
  advise_weights(report, out);
  advise_floats(report, out);
  if (report.calibrated > 0 && report.calibrated < kTooFewForRanges)
    out.push_back(
        fmt::format("Ranges are of {} sample{}: give a hundred or more, of all kinds that the network will "
                    "see.",
                    report.calibrated, report.calibrated == 1 ? "" : "s"));
  return out;
}

}  // namespace narrow
