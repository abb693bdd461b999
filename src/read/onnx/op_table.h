// The ops of ONNX that narrow reads: a list for each family, in a file of ops/.
#pragma once

#include <span>
#include <string_view>

#include "read/onnx/node.h"

namespace narrow::onnx {

std::span<const OpRow> activation_rows();
std::span<const OpRow> attention_rows();
std::span<const OpRow> condition_rows();
std::span<const OpRow> control_rows();
std::span<const OpRow> einsum_rows();
std::span<const OpRow> elementwise_rows();
std::span<const OpRow> extreme_rows();
std::span<const OpRow> indexing_rows();
std::span<const OpRow> layer_rows();
std::span<const OpRow> layout_rows();
std::span<const OpRow> loss_rows();
std::span<const OpRow> matrix_rows();
std::span<const OpRow> normalization_rows();
std::span<const OpRow> quantization_rows();
std::span<const OpRow> recurrent_rows();
std::span<const OpRow> reduction_rows();
std::span<const OpRow> resize_rows();
std::span<const OpRow> shape_rows();
std::span<const OpRow> transposed_rows();
std::span<const OpRow> window_rows();

/// The row of an op type in a domain (empty for ONNX's own), or null.
const OpRow* find_row(std::string_view domain, std::string_view type);

}  // namespace narrow::onnx
