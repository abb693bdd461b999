// Layers between integers, as ONNX files state them around float ops.
#pragma once

#include "read/onnx/net.h"

namespace narrow::onnx {

/// Replaces each op whose data is dequantized and whose result is quantized by the op on those integers, as runtimes
/// of ONNX do. Ops with float data, constants without scales, or results that are read as floats stay float.
void fold_quantized(Net& net);

}  // namespace narrow::onnx
