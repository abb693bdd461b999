// What `narrow inspect` says of a model.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "narrow/inspect.h"

namespace narrow {

/// The tensor of that index, which is there.
inline const TensorInfo& tensor_at(const GraphInfo& graph, int index) {
  return graph.tensors[static_cast<size_t>(index)];
}

/// The entry as {inputs, outputs, ops, tensors, macs, parameters, bytes}; ops name operands by their place in
/// `tensors`, null where left out. The other graphs follow in `graphs`, {name, inputs, outputs, ops, tensors} each.
nlohmann::ordered_json model_json(const ModelInfo& model);

/// The same for people.
std::string model_text(const ModelInfo& model);

}  // namespace narrow
