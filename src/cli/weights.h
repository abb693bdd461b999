// How `narrow inspect --weights` shows histograms.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "narrow/inspect.h"

namespace narrow {

nlohmann::ordered_json weights_json(const std::vector<WeightHistogram>& all);
std::string weights_text(const std::vector<WeightHistogram>& all);

}  // namespace narrow
