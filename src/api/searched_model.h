// The model that a range search leads to.
#pragma once

#include "api/ranges.h"

namespace narrow {

struct SearchedModel {
  QuantizedModel quantized;
  SearchReport report;
};

/// Quantizes with the ranges found and with the widest, runs both on the samples of the search, and keeps the ranges
/// found only if they are worse in nothing, or `request.range->always`: what is best for each layer while later ones
/// are float need not be so together. `ranges.search` is there. Errors: those of `quantize` and `evaluate`.
Result<SearchedModel> quantize_searched(const std::shared_ptr<const Model>& model, const QuantizeRequest& request,
                                        const QuantizeOptions& options, const KnownRanges& ranges);

}  // namespace narrow
