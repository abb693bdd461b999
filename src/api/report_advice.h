// What a report advises: what would help most, from its own numbers.
#pragma once

#include <string>
#include <vector>

#include "narrow/report.h"

namespace narrow {

/// A sentence each, the most important first; none for a model without anything odd about it.
std::vector<std::string> report_advice(const Report& report);

}  // namespace narrow
