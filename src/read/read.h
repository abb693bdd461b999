// Reading of models in whatever format: recognised by content, not by name.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"
#include "narrow/model.h"
#include "read/file_op.h"

namespace narrow {

/// The validated model in the file. Free dimensions are fixed as the options say, or taken as 1, and what else the file
/// leaves open of shapes is settled. Errors: io, bad_option, bad_file for what is no model or a damaged one,
/// unsupported by the name of the format or of what the file holds, limit_exceeded; all name the file.
Result<Model> read_model(const std::string& path, const LoadOptions& options = {},
                         const Limits& limits = limits_in_force());

/// The same from bytes; `source` names them in messages.
Result<Model> read_model(SharedBytes file, const std::string& source, const LoadOptions& options = {},
                         const Limits& limits = limits_in_force());

/// The model as the file has it, which nobody has validated: no shape is settled, and indices may lead anywhere.
Result<Model> parse_model(const std::string& path, const LoadOptions& options = {},
                          const Limits& limits = limits_in_force());

/// The same from bytes.
Result<Model> parse_model(SharedBytes file, const std::string& source, const LoadOptions& options = {},
                          const Limits& limits = limits_in_force());

/// The ops of a model file of any format, in the order of the file, also of one that `read_model` refuses because of
/// some of them. Errors: io, bad_file, limit_exceeded.
Result<std::vector<FileOp>> list_ops(const std::string& path, const Limits& limits = limits_in_force());

}  // namespace narrow
