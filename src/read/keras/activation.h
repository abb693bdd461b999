// Activation functions, which Keras' layers have as settings.
#pragma once

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "ops/recurrent/cell_function.h"

namespace narrow::keras {

class Layer;

/// `x` after the function that a setting names: a word such as "relu", or a layer of functions with its settings.
/// unsupported for a function that narrow has no form of.
Result<int> add_activation(Layer& layer, int x, const nlohmann::json& function);

/// The same function for inside of a recurrent layer; `otherwise` where the setting is left out.
Result<CellActivation> cell_activation(Layer& layer, const char* setting, CellActivation otherwise);

}  // namespace narrow::keras
