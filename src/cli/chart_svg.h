// Charts: models compared as points, what they cost against how good they are.
#pragma once

#include <string>
#include <vector>

namespace narrow {

/// A model in a chart.
struct ChartPoint {
  std::string label;
  double x = 0;
  double y = 0;
};

/// What is drawn along an axis.
struct ChartAxis {
  std::string title;  // "bytes"
  double factor = 1;  // values are shown times this: 100 for shares in percent
};

/// An SVG image with a labelled point for each model, readable on light and dark pages. x begins at zero; y covers the
/// points with a margin. Labels that would lie on one another are moved apart. The same points give the same bytes.
/// At least one point; all values are finite.
std::string chart_svg(const std::vector<ChartPoint>& points, const ChartAxis& x, const ChartAxis& y);

}  // namespace narrow
