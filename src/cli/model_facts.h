// What `narrow inspect` says of a model.
#pragma once

#include <cstddef>
#include <string>

#include "base/json_writer.h"
#include "narrow/inspect.h"

namespace narrow {

/// The tensor of that index, which is there.
inline const TensorInfo& tensor_at(const GraphInfo& graph, int index) {
  return graph.tensors[static_cast<size_t>(index)];
}

/// Writes the members of an object: the entry as {inputs, outputs, ops, tensors, macs, parameters, bytes}; ops name
/// operands by their place in `tensors`, null where left out. The other graphs follow in `graphs`, {name, inputs,
/// outputs, ops, tensors} each.
void write_model(JsonWriter& out, const ModelInfo& model);

/// The same for people.
std::string model_text(const ModelInfo& model);

}  // namespace narrow
