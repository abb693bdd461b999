// Models whose free dimensions have the sizes of the samples that they are run on.
#pragma once

#include "narrow/data.h"
#include "narrow/model.h"

namespace narrow {

/// The model with the free dimensions of the inputs of a graph as large as in the samples of `data`. They stay free in
/// files written from it. The given model where none is free or the samples do not fit it, which reading them says.
/// Errors: those of reading headers of `data`, and of `settle` where ops do not fit the sizes.
Result<ModelPtr> sized_for(const ModelPtr& model, const DataSource& data, int graph);

}  // namespace narrow
