// The range methods, one file each; ranges.cc lists them. See RangeMethod::range.
#pragma once

#include "quantize/ranges.h"

namespace narrow {

Range minmax_range(const TensorStatistics&, const GridKind&, double);
Range moving_average_range(const TensorStatistics&, const GridKind&, double);
Range percentile_range(const TensorStatistics&, const GridKind&, double percent);
Range mse_range(const TensorStatistics&, const GridKind&, double);
Range entropy_range(const TensorStatistics&, const GridKind&, double);

}  // namespace narrow
