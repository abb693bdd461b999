// The range methods, one file each; ranges.cc lists them. See RangeMethodDef::range.
#pragma once

#include "quantize/ranges/range_method.h"

namespace narrow {

Range minmax_range(const TensorStatistics&, const IntegerFormat&, double);
Range moving_average_range(const TensorStatistics&, const IntegerFormat&, double);
Range percentile_range(const TensorStatistics&, const IntegerFormat&, double percent);
Range mse_range(const TensorStatistics&, const IntegerFormat&, double);
Range entropy_range(const TensorStatistics&, const IntegerFormat&, double);

}  // namespace narrow
