// Signal to quantization noise ratios as tables show them.
#pragma once

#include <fmt/format.h>

#include <cmath>

#include "cli/table.h"
#include "narrow/evaluate.h"

namespace narrow {

/// An SQNR, which is infinite where there is no error.
inline Cell decibels(double sqnr_db) {
  return std::isfinite(sqnr_db) ? Cell(fmt::format("{:.1f}", sqnr_db)) : Cell("exact", Tone::good);
}

inline Cell decibels(const ErrorSums& error) {
  return error.noise > 0 ? fmt::format("{:.1f}", error.sqnr_db()) : Cell("exact", Tone::good);
}

}  // namespace narrow
