// What `--quality best` has tried and done, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/json_text.h"
#include "narrow/quantize.h"

namespace narrow {

/// A table of the chains with the error of each on the samples held back, the chosen one marked.
std::string quality_text(const QualityReport& quality);

/// "channels scaled: 72, in 3 groups of tensors, by 1 to 13.5"; empty where none were.
std::string scaled_text(const std::vector<ScaledChannels>& scaled);

/// Prints a note where 16-bit outputs would be nearer: by how much, and how to get them.
void print_advice(const QualityReport& quality);

/// The member `quality`: `held_back`, `chosen` (an index) and `trials`, each with `chain`, `sqnr_db`, `logits_db`,
/// `typical_db` and `seconds`; decibels are null where there is no error. `output_steps`, where it was measured:
/// `own_db` and `gain_db`.
void write_quality(JsonWriter& out, const QualityReport& quality);

/// The member `scaled`, a list of `tensors`, `writers`, `readers`, `channels`, `least_factor`, `largest_factor`;
/// nothing where none were.
void write_scaled(JsonWriter& out, const std::vector<ScaledChannels>& scaled);

}  // namespace narrow
