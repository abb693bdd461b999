// Models for fuzz targets to start from.
#pragma once

#include <string>
#include <vector>

namespace narrow {

/// Files of valid models, always the same ones: the example's network in float and in int8, graphs that run graphs;
/// more of these; and for every op of the registry a few of that op alone, found by trying operands at random.
const std::vector<std::string>& seed_models();

}  // namespace narrow
