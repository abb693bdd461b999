// Reading of ONNX files.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"
#include "narrow/model.h"
#include "read/file_op.h"

namespace narrow {

/// The model in the bytes of an ONNX file. The model is not validated: call `settle` next. `source` names the file in
/// messages. Errors: bad_file for bytes that are not such a file, unsupported by the name of what narrow has no form
/// of, limit_exceeded.
Result<Model> read_onnx(SharedBytes file, std::string source, const LoadOptions& options,
                        const Limits& limits = limits_in_force());

/// The nodes of the file's main graph, in order, each followed by those of its bodies, and which of them have an op
/// type that cannot be read.
Result<std::vector<FileOp>> list_onnx_ops(SharedBytes file, std::string source,
                                          const Limits& limits = limits_in_force());

}  // namespace narrow
