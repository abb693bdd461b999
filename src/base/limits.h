// Limits are part of the public interface; this adds what the library itself needs of them.
#pragma once

#include <string>
#include <string_view>

#include "narrow/limits.h"

namespace narrow {

/// The limits where nobody has asked for others.
inline constexpr Limits kLimits{};

/// The remedy of an error that such a limit is behind.
std::string how_to_raise(std::string_view name);

}  // namespace narrow
