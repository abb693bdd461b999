// How --explain shows what became of an op.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "narrow/quantize.h"

namespace narrow {

/// A paragraph for each op: its decision, kernel, and a line for each operand and result. Empty for none.
std::string explanations_text(const std::vector<Explanation>& explanations);

/// [{name, op, graph, index, quantized, reason, kernel, operands: [...]}]
void write_explanations(JsonWriter& out, const std::vector<Explanation>& explanations);

}  // namespace narrow
