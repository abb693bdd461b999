// Entry points: graphs that callers find by the key of a signature.
#pragma once

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// The model with the graph of the signature `key` in the first place, where stages look for what to run, and the
/// first one in its place. bad_option where there is no such signature.
Result<Model> enter(Model model, const std::string& key);

}  // namespace narrow
