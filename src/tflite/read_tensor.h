// Reading of one tensor of a .tflite file.
#pragma once

#include "graph/tensor.h"
#include "tflite/buffers.h"

namespace narrow {

/// The tensor, with its values in the file. Dimensions that the file leaves free are 1.
Result<Tensor> read_tensor(const format::Tensor& stored, Buffers& buffers, Meter& meter, const Limits& limits);

}  // namespace narrow
