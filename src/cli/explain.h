// How --explain shows what became of an op.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "narrow/quantize.h"

namespace narrow {

/// A paragraph for each op: its decision, kernel, and a line for each operand and result. Empty for none.
std::string explanations_text(const std::vector<Explanation>& explanations);

/// [{name, op, graph, index, quantized, reason, kernel, operands: [...]}]
nlohmann::ordered_json explanations_json(const std::vector<Explanation>& explanations);

}  // namespace narrow
