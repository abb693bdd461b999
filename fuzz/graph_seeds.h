// Seeds of several graphs: branches, calls, loops, variables and signatures.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

std::vector<Model> graph_seeds();

}  // namespace narrow
