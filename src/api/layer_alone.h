// What each layer's narrow weights do to the outputs by themselves.
#pragma once

#include <optional>
#include <vector>

#include "api/fit_trial.h"

namespace narrow {

/// A layer of the float model whose widths are chosen.
struct FitLayer {
  size_t op = 0;  // in the float graph
  std::string name, type;
  int64_t weights = 0;
  std::optional<double> alone;  // of the outputs' signal: the error where it alone has 4-bit weights; none where it
                                // cannot have any
};

/// The layers of the float graph that became integer in `base`, which has 8 bits everywhere, each with its error on
/// samples of the calibration. Weights of 4 bits are chosen in one model for all layers, and put into `base` a layer at
/// a time. Errors: those of quantize and of the runs.
Result<std::vector<FitLayer>> layers_alone(const FitStart& fit, const QuantizedModel& base);

}  // namespace narrow
