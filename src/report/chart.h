// What charts are drawn with: scales, grids and marks, as SVG. Coordinates are pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "narrow/report.h"

namespace narrow {

/// From values to a side of a chart.
struct ChartScale {
  double lo = 0, hi = 1;    // values at the ends
  double from = 0, to = 1;  // their places
  double step = 1;          // between lines of the grid
  double place(double value) const { return from + (value - lo) / (hi - lo) * (to - from); }
};

/// From a multiple of a round step to another, which hold lo and hi.
ChartScale chart_scale(double lo, double hi, double from, double to);

/// "98.5", "120 k": no more digits than a step of the scale asks for.
std::string tick_text(double value, double step);

/// Horizontal lines with their values at the left of `x0`, up to `x1`.
std::string horizontal_grid(const ChartScale& y, double x0, double x1);

/// A title along the y axis.
std::string y_title(const std::string& title, double x, double y);

/// The beginning of an <svg>, with what it shows in words for who cannot see it.
std::string svg_open(double width, double height, const std::string& about, const char* more = "");

/// Decibels of errors that are known: infinite where there is none.
std::optional<double> error_db(const std::optional<ErrorSums>& error);

}  // namespace narrow
