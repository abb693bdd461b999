// Which ops narrow knows, and which runtimes run them.
#pragma once

#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <array>
#include <string>
#include <vector>

namespace narrow {

/// One op, with what runs it in some form at each width.
struct OpSupport {
  std::string op;                                // "CONV_2D"
  std::array<std::vector<Runtime>, 6> runtimes;  // by Width; Runtime::narrow first where it is among them

  const std::vector<Runtime>& at(Width width) const { return runtimes[static_cast<size_t>(width)]; }
};

/// All ops, in alphabetical order. Errors: limit_exceeded.
NARROW_API Result<std::vector<OpSupport>> supported_ops();

}  // namespace narrow
