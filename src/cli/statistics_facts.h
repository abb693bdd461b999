// What `narrow inspect` says of a file of statistics.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "narrow/calibrate.h"

namespace narrow {

/// Prints what is in a .nstat file: {samples, tensors: [{name, graph, tensor, values, not_finite, min, max, mean,
/// deviation, outliers, range_9999: [lo, hi], histogram: [counts]}]}, the last five null without histograms; or a
/// table.
Status print_statistics(const std::string& path, bool json);

}  // namespace narrow
