// Inputs of the model: placeholders, and where a graph is cut.
#pragma once

#include <optional>

#include "read/graphdef/node.h"

namespace narrow::graphdef {

/// Dimensions as a file has them, -1 where free; nothing where it does not say how many there are.
using OpenShape = std::optional<std::vector<int64_t>>;

OpenShape open_shape(const tf_format::TensorShapeProto& shape);

/// Adds an input of the model. Sizes that the options give it are fixed. Errors: unsupported where nobody says how many
/// dimensions it has.
Result<int> add_input(Reading& reading, const std::string& name, DType dtype, const OpenShape& shape);
/// The same for a placeholder.
Result<int> add_input(Node& node);

/// The value of a placeholder that only switches between training and inference, such as keep_prob of dropout, for
/// inference; nothing for one that holds data.
Result<std::optional<Value>> training_switch(Node& node);

/// Whether nodes of that type turn sound into features: they are left out, and their results become inputs.
bool is_audio_front_end(std::string_view type);

/// The shape of such a node's result, from its attributes and those of the nodes that it reads.
OpenShape front_end_shape(const Body& body, int node);

}  // namespace narrow::graphdef
