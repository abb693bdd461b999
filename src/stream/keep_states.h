// Inputs and outputs that carry a state from one run to the next become variables.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// An input that a caller gives what an output was in the run before, by the names of their tensors or in signatures.
struct StateNames {
  std::string input, output;
};

/// The model without these inputs and outputs of its first graph: the model keeps the values itself, and begins with
/// real zeros. Errors: bad_option for names that are not there or named twice, and where nothing is left to give or to
/// take; unsupported for pairs of other types, shapes or scales, and for free dimensions.
Result<Model> keep_states(Model model, const std::vector<StateNames>& states);

}  // namespace narrow
