// Dimensions of a model's inputs that its file leaves free, and the sizes that they take.
#pragma once

#include <span>

#include "base/result.h"
#include "graph/model.h"
#include "narrow/model.h"

namespace narrow {

/// Gives dimensions of inputs the sizes that the options say; they are free no longer. The shapes of other tensors stay
/// as they are: `settle` works them out. bad_option (names the field `shape` or `batch`) where there is no such input,
/// or where a dimension is not free and has another size.
Status fix_dimensions(Model& model, const LoadOptions& options);

/// Gives the free dimensions of an input the sizes in `dims`; they stay free. Whether that changed any; nothing happens
/// where `dims` do not fit the input. Shapes of other tensors stay as they are, and values computed from shapes are
/// forgotten: `settle` works them out again.
bool resize_input(Model& model, int graph, int tensor, std::span<const int64_t> dims);

/// The same for all free dimensions of inputs that callers give but the first of each, which counts samples: they are
/// `size` now. False where there is none, or where the shapes would be too large.
bool enlarge_free_inputs(Model& model, int32_t size);

/// Whether an input of a graph that callers enter has a free dimension, the ones before dimension `from` aside.
bool has_free_inputs(const Model& model, size_t from = 0);

}  // namespace narrow
