// What `--quality best` has tried, as text and as JSON.
#pragma once

#include <string>

#include "cli/json_text.h"
#include "narrow/quantize.h"

namespace narrow {

/// A table of the chains with the error of each on the samples held back, the chosen one marked.
std::string quality_text(const QualityReport& quality);

/// The member `quality`: `held_back`, `chosen` (an index) and `trials`, each with `chain`, `sqnr_db`, `logits_db` and
/// `seconds`; decibels are null where there is no error.
void write_quality(JsonWriter& out, const QualityReport& quality);

}  // namespace narrow
