// What `narrow inspect` says of a model.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "graph/model.h"

namespace narrow {

/// The first graph as {inputs, outputs, ops, tensors, macs, parameters, bytes}; ops name operands by their place in
/// `tensors`, null where left out. Further graphs follow in `graphs`, {name, inputs, outputs, ops, tensors} each.
nlohmann::ordered_json model_json(const Model& model);

/// The same for people.
std::string model_text(const Model& model);

}  // namespace narrow
