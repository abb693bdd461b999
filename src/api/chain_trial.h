// ChainTrial: a float model quantized by one chain of steps.
#pragma once

#include <string>
#include <vector>

#include "api/calibrated_model.h"
#include "quantize/quantize.h"

namespace narrow {

struct ChainTrial {
  QualityChain chain;
  QuantizedModel quantized;
  std::vector<std::string> notes;  // of layers whose integers were not chosen by samples
  double seconds = 0;              // that it took, calibration apart
};

/// Quantizes by a chain what was calibrated for it, with moments of the same `data`. Errors: those of `quantize` and
/// `choose_weights`.
Result<ChainTrial> try_chain(const TrialStart& start, const QualityChain& chain, const CalibratedModel& calibrated,
                             const DataSource& data, int threads);

}  // namespace narrow
