// Numbers as text, exact and short.
#pragma once

#include <cstddef>
#include <string>

#include "graph/tensor.h"

namespace narrow {

/// The value at `at`, of a type that has numbers: the shortest decimals that read back as the same value; "nan", "inf"
/// and "-inf" for what is not finite.
std::string number_text(DType dtype, const std::byte* at);

}  // namespace narrow
