// The best of several chains, by output error on calibration samples that none of them was made from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/quality_chain.h"
#include "api/ranges.h"

namespace narrow {

struct BestQuality {
  QuantizedModel quantized;
  KnownRanges ranges;                   // that it was made with
  std::shared_ptr<const Model> source;  // the float model that it was made of: scaled, with means
  QualityReport report;
};

/// Tries the chains of the request's scheme on `model`. One sample in four is held back for the choice, where there are 8 or
/// more; moments are of the others. The plain chain is among them, so that the result is never worse than that on the samples held
/// back. Errors: those of `know_ranges`, `quantize` and `evaluate`.
Result<BestQuality> best_quality(const std::shared_ptr<const Model>& model, const QuantizeRequest& request,
                                 const QuantizeOptions& options);

}  // namespace narrow
