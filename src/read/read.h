// Reading of models in whatever format: recognised by content, not by name.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"

namespace narrow {

/// The validated model in the file. Shapes that it leaves open are settled with free dimensions taken as 1.
/// Errors: io, bad_file for what is no model or a damaged one, unsupported by the name of the format or of what the
/// file holds, limit_exceeded; all name the file.
Result<Model> read_model(const std::string& path, const Limits& limits = limits_in_force());

/// The same from bytes; `source` names them in messages.
Result<Model> read_model(SharedBytes file, const std::string& source, const Limits& limits = limits_in_force());

}  // namespace narrow
