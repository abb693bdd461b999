// Short names of ops, for C identifiers and macros.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// A plain name for each op, by graph and op, that no other op of the model has. An op is called by its own name where
/// that has at most `most` characters, is no list of what became one op and was not taken by an op before it
/// ("model/conv1/Relu" is "conv1"), else by its kind and place ("CONV_0"). most >= 12.
std::vector<std::vector<std::string>> short_op_names(const Model& model, size_t most);

}  // namespace narrow
