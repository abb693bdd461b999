// What a mistyped name was meant to be.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace narrow {

/// That of `known` nearest to `given`, if it is near enough to have been meant.
std::optional<std::string> nearest(const std::string& given, std::span<const std::string> known);

}  // namespace narrow
