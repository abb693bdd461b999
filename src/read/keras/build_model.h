// From what a Keras file says to a model of narrow.
#pragma once

#include <string>
#include <vector>

#include "base/limits.h"
#include "graph/model.h"
#include "narrow/model.h"
#include "read/file_op.h"
#include "read/keras/keras_model.h"

namespace narrow {

/// The model that computes the outputs of a network; it is not validated: call `settle` next. `source` names the file
/// in messages, which name the layer. Errors: bad_file where settings, weights and shapes do not fit together,
/// unsupported for a class of layer or a setting that narrow has no form of, limit_exceeded.
Result<Model> build_model(const KerasNetwork& network, const std::string& source, const LoadOptions& options,
                          const Limits& limits = limits_in_force());

/// The layers of a network, those of the models inside of it and of wrappers too.
std::vector<FileOp> list_layers(const KerasNetwork& network);

}  // namespace narrow
