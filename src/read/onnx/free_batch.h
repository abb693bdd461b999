// Which dimensions of a graph are free because those of its inputs are.
#pragma once

#include "graph/model.h"

namespace narrow::onnx {

/// `model` and `other` are readings of one file with other sizes for its free dimensions. Where shapes differ, those of
/// `model` become free. False, and `model` as it was, where other things differ than shapes and what RESHAPE is told.
bool free_where_different(Model& model, const Model& other);

}  // namespace narrow::onnx
