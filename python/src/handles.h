// What Python holds of the library's opaque values.
#pragma once

#include <narrow/calibrate.h>
#include <narrow/model.h>

namespace narrow::python {

struct NativeModel {
  ModelPtr value;
};

struct NativeStatistics {
  StatisticsPtr value;
};

}  // namespace narrow::python
