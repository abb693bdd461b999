// What Python holds of the library's opaque values.
#pragma once

#include <narrow/calibrate.h>
#include <narrow/model.h>
#include <narrow/quantize.h>

#include <memory>

namespace narrow::python {

struct NativeModel {
  ModelPtr value;
};

/// What `quantize` said of a model: what a report is made of.
struct NativeQuantization {
  std::shared_ptr<const QuantizeResult> value;
};

struct NativeStatistics {
  StatisticsPtr value;
};

}  // namespace narrow::python
