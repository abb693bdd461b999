// From KerasNetwork to Model: what each class of layer becomes.
#pragma once

#include "base/limits.h"
#include "graph/model.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// The ops of a network. Errors: unsupported, naming layer and class, for what narrow has no form of; bad_file where
/// layers, weights and shapes do not fit together, or layers lead back to themselves.
Result<Model> model_of(const KerasNetwork& network, const Limits& limits);

}  // namespace narrow::keras
