// Reading of .tflite files.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"

namespace narrow {

/// The model in the bytes of a .tflite file (schema version 3). Constants are views into `file`, which they keep
/// alive; only those misaligned for their element type are copied. Fields without a meaning in narrow are kept for
/// the writer. The model is not validated: call `validate` next. `source` names the file in messages.
/// Errors: bad_file for bytes that are not such a file, unsupported for a newer form of it, limit_exceeded.
Result<Model> read_tflite(SharedBytes file, std::string source, const Limits& limits = limits_in_force());

/// Whether the bytes have the file identifier of a .tflite file.
bool is_tflite(std::span<const std::byte> bytes);

}  // namespace narrow
