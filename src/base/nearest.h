// What a mistyped name was meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace narrow {

/// How many characters have to be put in, left out or replaced to make `b` of `a` (Levenshtein).
size_t edit_distance(const std::string& a, const std::string& b);

/// That of `known` nearest to `given`, if it is near enough to have been meant.
std::optional<std::string> nearest(const std::string& given, std::span<const std::string> known);

}  // namespace narrow
