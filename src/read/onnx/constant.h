// Constants of ONNX files.
#pragma once

#include "base/result.h"
#include "graph/tensor.h"
#include "onnx.pb.h"
#include "read/onnx/weights.h"

namespace narrow::onnx {

/// The element type that stands for a number of TensorProto.DataType; unsupported, by name, for those without one.
Result<DType> element_type(int32_t data_type);

/// The element type that narrow computes with where the file has that type: float32 for float16 and bfloat16.
Result<DType> computed_type(int32_t data_type);

/// A constant tensor with the values of `proto`, dense and little-endian; float16 and bfloat16 become float32. bad_file
/// where sizes contradict each other, unsupported for strings and for values that lie in another file.
Result<Tensor> constant_of(const onnx_format::TensorProto& proto, const Weights& weights);

}  // namespace narrow::onnx
