// How the fields of the public interface are called on the command line.
#pragma once

#include <string>

#include "narrow/result.h"

namespace narrow {

/// `text` with what it has in backquotes, in terms of the public interface, as it is typed: `io=int16` becomes
/// --io int16, `quantize(scheme=int8)` becomes `narrow quantize --scheme int8`. What names nothing known stays.
std::string in_options(const std::string& text);

/// The same for all texts of an error.
Error in_options(Error error);

}  // namespace narrow
