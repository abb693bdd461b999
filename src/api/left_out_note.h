// What a user is told of channels that were left out.
#pragma once

#include <string>

#include "ops/def/totals.h"

namespace narrow {

/// A sentence with the products and parameters of a model before and after remove_dead_channels; empty where nothing
/// was removed.
std::string left_out_note(const Totals& before, const Totals& after);

}  // namespace narrow
