// How much accuracy may be lost, on the command line: "1%", "3dB".
#pragma once

#include <optional>
#include <string>

#include "narrow/fit.h"
#include "narrow/result.h"

namespace narrow {

/// "1%", "0.5 %", "3dB"; a number alone counts points where there are labels, else decibels. Nothing where `text` is
/// empty. bad_option where it is no such text, which names --max-drop.
Result<std::optional<MostDrop>> drop_argument(const std::string& text, bool labels);

}  // namespace narrow
