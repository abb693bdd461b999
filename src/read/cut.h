// Models cut down to a part of their network.
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "narrow/model.h"

namespace narrow {

/// Makes the first graph of a model begin and end where `options.inputs` and `options.outputs` say, by the names of
/// tensors, with or without ":0", or what a signature calls them; what is not between them is left out. A model that a
/// reader has cut there already stays as it is. bad_option (names the field) for names that are not there, inputs that
/// no output depends on, and outputs that depend on further inputs.
Status cut_model(Model& model, const LoadOptions& options);

}  // namespace narrow
