// How the layers of a Functional model are connected.
#pragma once

#include "base/result.h"
#include "read/keras/json_access.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// The calls of the layer `name` that its "inbound_nodes" lists, in the form of Keras 1 and 2 or that of Keras 3.
Result<std::vector<KerasCall>> parse_calls(const Json& inbound_nodes, const std::string& name);

/// The results that "input_layers" or "output_layers" names: one triple [layer, node, output], or lists or objects of
/// them.
Result<std::vector<KerasTensor>> parse_ends(const Json& ends, const std::string& what);

/// Checks what the calls, inputs and outputs of `network` refer to, after its layers are complete. A call of a nested
/// model is counted from one in some files, because its own making is the first; it is counted from zero afterwards.
Status connect(KerasNetwork& network);

}  // namespace narrow::keras
