#include "cli/accuracy_limits.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace narrow {
namespace {

/// "0.5", "0.5%" and "0.5 %": percent, or points of it.
Result<std::optional<double>> percentage(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  double value = 0;
  const char* const text_end = text.data() + text.size();
  auto const [end, error] = std::from_chars(text.data(), text_end, value);
  std::string_view unit(end, static_cast<size_t>(text_end - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (error != std::errc() || !(value >= 0 && value <= 100) || !(unit.empty() || unit == "%"))
    return fail(ErrorKind::bad_option, fmt::format("{} does not take '{}'", option, text), "command line",
                "give percent from 0 to 100, as 0.5 or 0.5%");
  return value;
}

Status needs(const char* option, bool given, const char* other) {
  if (given) return {};
  return fail(ErrorKind::bad_option, fmt::format("{} has nothing to compare with", option), "command line",
              fmt::format("give {} too", other));
}

/// Shares are fractions of whole samples: what is equal in decimal must not differ by the last bit of a double.
constexpr double kLastBits = 1e-9;

}  // namespace

void declare_accuracy_limits(Options& options, AccuracyLimits& limits) {
  options.text("--min-top1", "P", &limits.min_top1_text,
               "exit with 1 where a model's top-1 is below P percent; needs --labels");
  options.text("--max-drop", "D", &limits.max_drop_text,
               "exit with 1 where it is more than D points below that of --reference; needs --labels too");
  options.number("--min-sqnr", "DB", &limits.min_sqnr,
                 "exit with 1 where a model's SQNR beside --reference is below so many decibels", "");
}

Status check_accuracy_limits(AccuracyLimits& limits, bool labels, bool reference) {
  NARROW_TRY(limits.min_top1, percentage("--min-top1", limits.min_top1_text));
  NARROW_TRY(limits.max_drop, percentage("--max-drop", limits.max_drop_text));
  if (limits.min_top1) NARROW_CHECK(needs("--min-top1", labels, "--labels"));
  if (limits.max_drop) NARROW_CHECK(needs("--max-drop", labels, "--labels"));
  if (limits.max_drop) NARROW_CHECK(needs("--max-drop", reference, "--reference"));
  if (limits.min_sqnr) NARROW_CHECK(needs("--min-sqnr", reference, "--reference"));
  return {};
}

std::vector<std::string> missed(const AccuracyLimits& limits, const Evaluation& e) {
  std::vector<std::string> out;
  if ((limits.min_top1 || limits.max_drop) && !e.top1)
    out.emplace_back("it has no top-1: its output is a single number");
  if (limits.min_top1 && e.top1 && *e.top1 * 100 < *limits.min_top1 - kLastBits)
    out.push_back(fmt::format("top-1 is {:.2f} %, below {} %", *e.top1 * 100, *limits.min_top1));
  if (limits.max_drop && e.top1 && e.reference_top1) {
    double const drop = (*e.reference_top1 - *e.top1) * 100;
    if (drop > *limits.max_drop + kLastBits)
      out.push_back(fmt::format("top-1 is {:.2f} %, {:.2f} points below the reference, more than {}", *e.top1 * 100,
                                drop, *limits.max_drop));
  }
  // Without noise it is infinite, or not a number where there is no signal either; of outputs that are not numbers,
  // too.
  if (limits.min_sqnr && e.error && e.error->noise != 0 && !(e.error->sqnr_db() >= *limits.min_sqnr))
    out.push_back(fmt::format("SQNR is {:.2f} dB, below {} dB", e.error->sqnr_db(), *limits.min_sqnr));
  return out;
}

}  // namespace narrow
