// Writing of tensors of a .tflite file.
#pragma once

#include "graph/tensor.h"
#include "tflite/builder.h"
#include "tflite/write_buffers.h"

namespace narrow {

/// The tensor; its values become a buffer. Range hints (min, max) are not written.
flatbuffers::Offset<format::Tensor> write_tensor(Builder& builder, BufferTable& buffers, const Tensor& tensor);

}  // namespace narrow
