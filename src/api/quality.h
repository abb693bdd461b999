// The best of several chains, by output error on calibration samples that none of them was made from; or one by hand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/quality_chain.h"
#include "api/ranges.h"

namespace narrow {

/// How a request wants the integers of weights to be chosen by samples: one chain, or the best of several.
struct QualityWay {
  std::optional<QualityChain> chain{};  // that the recipe or the request states; else the best of several is looked for
  GivenSteps given{};
  size_t budget = 0;  // of chains
};

/// Why the integers of a request cannot be chosen by samples; empty where they can.
std::string no_choice_by_samples(const Model& model, const QuantizeRequest& request, const QuantizeOptions& options,
                                 bool is_integer);

/// Nothing where integers are chosen without samples: Quality::fast, or no integer scheme, no samples, a model that
/// keeps state or that is integer already (`is_integer`), a searched range. bad_option where the request insists on
/// `quality=best` or on a weight rounding by samples all the same, by a rule of the recipe too, or on both of two that
/// exclude each other.
Result<std::optional<QualityWay>> quality_way(const Model& model, const QuantizeRequest& request,
                                              const QuantizeOptions& options, bool is_integer);

struct ByQuality {
  QualityChain chain;  // that was chosen
  QuantizedModel quantized;
  KnownRanges ranges;                   // that it was made with
  std::shared_ptr<const Model> model;   // the float model that was quantized: channels scaled
  std::optional<QualityReport> report;  // of several chains
  std::vector<ScaledChannels> scaled;   // before ranges were known
  std::vector<std::string> notes;       // of layers whose integers were not chosen by samples
};

/// Quantizes a float model. Of several chains, one sample in four is held back for the choice, where there are 8 or
/// more; ranges and moments are of the others. The plain chain is among them, so that the choice is never worse than
/// that on the samples held back. The chosen chain is then made anew with all samples. Errors: those of `know_ranges`,
/// `quantize` and `evaluate`.
Result<ByQuality> quantize_by(const QualityWay& way, const std::shared_ptr<const Model>& model,
                              const QuantizeRequest& request, const QuantizeOptions& options);

}  // namespace narrow
