// The accuracy that models must have: --min-top1, --max-drop and --min-sqnr.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.h"
#include "narrow/evaluate.h"

namespace narrow {

/// As typed, empty where not given; and as numbers after `check_accuracy_limits`.
struct AccuracyLimits {
  std::string min_top1_text, max_drop_text;
  std::optional<double> min_top1;  // percent
  std::optional<double> max_drop;  // points of top-1, beside the reference
  std::optional<double> min_sqnr;  // decibels
};

void declare_accuracy_limits(Options& options, AccuracyLimits& limits);

/// Reads the texts. Errors: bad_option, also where a limit has nothing to be compared with.
Status check_accuracy_limits(AccuracyLimits& limits, bool labels, bool reference);

/// A sentence for each limit that `e` misses: "top-1 is 91.20 %, below 95 %".
std::vector<std::string> missed(const AccuracyLimits& limits, const Evaluation& e);

}  // namespace narrow
