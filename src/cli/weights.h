// How `narrow inspect --weights` shows histograms.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "narrow/inspect.h"

namespace narrow {

void write_weights(JsonWriter& out, const std::vector<WeightHistogram>& all);
std::string weights_text(const std::vector<WeightHistogram>& all);

}  // namespace narrow
