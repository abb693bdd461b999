// A histogram in one line of text.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace narrow {

/// One block character a count, as high as the count beside the largest; blank where it is 0.
std::string sparkline(std::span<const int64_t> counts);

}  // namespace narrow
