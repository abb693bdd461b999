// Which ops of a file can be read, as `narrow inspect` says it.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "narrow/inspect.h"

namespace narrow {

/// Writes the member `coverage`: a list of {op, count, unsupported: [{name, reason}]}.
void write_coverage(JsonWriter& out, const std::vector<OpCoverage>& types);

/// The same for people, with a row for each type and, below it, those that cannot be read.
std::string coverage_text(const std::vector<OpCoverage>& types);

}  // namespace narrow
