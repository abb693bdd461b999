// The version of these headers, and of the library that a program runs with.
#pragma once

#include <narrow/visibility.h>

#define NARROW_VERSION_MAJOR 0
#define NARROW_VERSION_MINOR 1
#define NARROW_VERSION_PATCH 0
#define NARROW_VERSION "0.1.0"

namespace narrow {

/// NARROW_VERSION as the library was built with: "0.1.0".
NARROW_API const char* version();

}  // namespace narrow
