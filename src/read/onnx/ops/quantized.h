// Scales and zero points as operands of nodes.
#pragma once

#include "read/onnx/node.h"

namespace narrow::onnx {

/// From operands that hold scales and zero points (which may be left out); several of them lie along dimension `axis`.
Result<Quantization> quantization_of(Node& n, size_t scale, size_t zero_point, int64_t axis);

/// Operand `data` holds integers of that scale and zero point; bad_file where it has others already. `axis` counts in
/// the order of the file.
Status take_quantization(Node& n, size_t data, size_t scale, size_t zero_point, int64_t axis);

/// The bias of a layer of integers: an int32 constant with the product of the scales of data and weights.
Result<int> integer_bias(Node& n, size_t operand, const Quantization& data, const Quantization& weights);

/// A node of integers as ONNX's op `type` on the floats that operands stand for, each given as its position, which its
/// scale and zero point follow. The result's scale is operand `scale`, its zero point the next. What is read becomes
/// one op of integers where narrow has it (fold_quantized.h).
Status read_through_floats(Node& n, const char* type, const std::vector<size_t>& operands, size_t scale);

}  // namespace narrow::onnx
