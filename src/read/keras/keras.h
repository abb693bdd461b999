// Reading of Keras models: .h5 (HDF5) and .keras (zip) files.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"
#include "narrow/model.h"
#include "read/file_op.h"

namespace narrow {

/// The model in the bytes of a Keras HDF5 file (architecture and weights). The model is not validated: call `settle`
/// next. `source` names the file in messages. Errors: bad_file for bytes that are not such a file, unsupported by the
/// name of the layer and its class that narrow has no form of, limit_exceeded.
Result<Model> read_keras_h5(SharedBytes file, std::string source, const LoadOptions& options,
                            const Limits& limits = limits_in_force());

/// The same of a .keras file, as Keras 3 writes it.
Result<Model> read_keras_zip(SharedBytes file, std::string source, const LoadOptions& options,
                             const Limits& limits = limits_in_force());

/// The layers of such files, those of the models inside of it and of wrappers too, and which of them can be read.
/// Errors as above, but for layers.
Result<std::vector<FileOp>> list_keras_h5_layers(SharedBytes file, std::string source, const Limits& limits);
Result<std::vector<FileOp>> list_keras_zip_layers(SharedBytes file, std::string source, const Limits& limits);

}  // namespace narrow
