// How ranges are given by hand on the command line, and how a search for them is shown.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "narrow/quantize.h"

namespace narrow {

using HandRanges = std::vector<std::pair<std::string, double>>;

/// "NAME=V,NAME=V": names may hold commas and equals signs, as long as no part of one looks like the end of an entry.
/// bad_option where an entry has no name or no finite number above 0.
Result<HandRanges> parse_act_max(const std::string& text);

/// The same, of what a search has found, or of what was used in the end; without `all`, where that is narrower than the
/// values.
std::string act_max_text(const SearchReport& search, bool all, double SearchedRange::*of = &SearchedRange::found);

/// "91.20 %" where there are labels, else the error.
std::string quality_text(const RangeTrial& trial);
/// How the quantized models compare, with the ranges found and with the widest, and which were kept.
std::string verdict_text(const SearchReport& search);

/// A row for each tensor: ranges tried with what became of the outputs, the one chosen marked; and the sum of it.
std::string search_text(const SearchReport& search);

/// Writes the members of an object:
/// search: [{tensor, op, together, candidates: [{range, accuracy, agreement, error}], found, chosen}]
/// search_summary: {samples, accuracy, widest, found, kept, worse_in, act_max: what was found narrower than the values}
void write_search(JsonWriter& out, const SearchReport& search);

}  // namespace narrow
