#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

using Rows = std::span<const OpRow> (*)();

constexpr Rows kFamilies[] = {attention_rows,    condition_rows, control_rows,   einsum_rows,     transposed_rows,
                              resize_rows,       extreme_rows,   loss_rows,      activation_rows, elementwise_rows,
                              indexing_rows,     layer_rows,     layout_rows,    matrix_rows,     normalization_rows,
                              quantization_rows, recurrent_rows, reduction_rows, shape_rows,      window_rows};

}  // namespace

const OpRow* find_row(std::string_view domain, std::string_view type) {
  if (domain == "ai.onnx") domain = "";
  for (Rows rows : kFamilies)
    for (const OpRow& row : rows())
      if (row.type == type && row.domain == domain) return &row;
  return nullptr;
}

}  // namespace narrow::onnx
