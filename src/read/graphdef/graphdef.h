// Reading of TensorFlow models: frozen GraphDef files (.pb) and SavedModel folders.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "graph/model.h"
#include "narrow/model.h"
#include "read/file_op.h"

namespace narrow {

/// The model in the bytes of a frozen GraphDef. The model is not validated: call `settle` next. `source` names the file
/// in messages. Errors: bad_file for bytes that are not such a file, unsupported by the name of the node and its op
/// that narrow has no form of, limit_exceeded.
Result<Model> read_graph_def(SharedBytes file, std::string source, const LoadOptions& options,
                             const Limits& limits = limits_in_force());

/// The nodes that the results of such a file need, whether or not they can be read; constants are left out.
Result<std::vector<FileOp>> list_graph_def_ops(SharedBytes file, std::string source,
                                               const Limits& limits = limits_in_force());

/// The same of a SavedModel folder: saved_model.pb and the variables beside it. Errors: also io.
Result<Model> read_saved_model(const std::string& folder, const LoadOptions& options,
                               const Limits& limits = limits_in_force());
Result<std::vector<FileOp>> list_saved_model_ops(const std::string& folder, const Limits& limits = limits_in_force());

/// Whether a path is that of the graph of a checkpoint of TensorFlow 1: NAME.meta, beside NAME.index and NAME.data-*.
bool is_checkpoint(const std::string& path);
/// The model of such a graph with the values of the checkpoint. Its results are those that no node reads.
Result<Model> read_checkpoint(const std::string& path, const LoadOptions& options,
                              const Limits& limits = limits_in_force());
Result<std::vector<FileOp>> list_checkpoint_ops(const std::string& path, const Limits& limits = limits_in_force());

}  // namespace narrow
