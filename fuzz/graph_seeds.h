// Seeds of several graphs: branches, calls, variables and signatures. None loops: changed ones would run to the limit.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

std::vector<Model> graph_seeds();

}  // namespace narrow
