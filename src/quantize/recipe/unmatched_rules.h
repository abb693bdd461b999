// Rules of a recipe that no op of a model matches, which are mistakes more often than not.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// One line for each rule that matches no op of the model, with the kind of op that was probably meant.
std::vector<std::string> warn_of_unmatched_rules(const Model& model, const Recipe& recipe);

}  // namespace narrow
