// Models as they are loaded: settled, with loops and unrolled steps as recurrent layers.
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "narrow/model.h"

namespace narrow {

/// Settles what a reader made of a file, and replaces its loops unless the options keep them. Errors: those of
/// `settle`, which leave the model as it was but for sizes that the options give.
Status settle_layers(Model& model, const LoadOptions& options);

}  // namespace narrow
