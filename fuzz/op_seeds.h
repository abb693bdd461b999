// Seeds of ops whose operands have to go together too well to be met at random: sizes, blocks, positions, counts.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

std::vector<Model> op_seeds();

}  // namespace narrow
