// The report of `narrow compile` as one page that needs nothing but itself.
#pragma once

#include <string>

#include "narrow/compile.h"

namespace narrow {

/// What the project costs, each step with its kernel, products and modelled instructions, and a picture of the arena:
/// ops from left to right, addresses from top to bottom, a box for each value as long as it is held. HTML.
std::string compile_page(const std::string& folder, const CompileResult& result);

}  // namespace narrow
