// Functions of a model's own.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "onnx.pb.h"

namespace narrow::onnx {

/// Puts the nodes of functions in the place of the nodes that call them. unsupported for functions of another operator
/// set than the model's, limit_exceeded where functions call each other without an end or make too many nodes.
Status inline_functions(onnx_format::ModelProto& proto, const Limits& limits);

}  // namespace narrow::onnx
