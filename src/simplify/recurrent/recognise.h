// Loops and unrolled steps become recurrent layers.
#pragma once

#include <optional>

#include "graph/model.h"

namespace narrow {

/// Replaces what computes the steps of a float LSTM, GRU or RNN one by one, in a loop or unrolled, by one op with the
/// same weights, and says so in Model::notes. Results differ by the order of sums alone. What is no such layer stays as
/// it is. The model is valid, and so is the result.
Model recognise_loops(Model model);

/// The same for a model of which `settle` refuses the loops, because shapes in them are others in each round. The
/// result is settled; nothing where there is no layer, or where something else is to be refused.
std::optional<Model> recognise_open_loops(Model model);

}  // namespace narrow
