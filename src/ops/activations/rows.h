// Ops that work on rows along the last dimension.
#pragma once

#include "ops/def/form.h"
#include "ops/def/op_def.h"

namespace narrow {

/// Of SOFTMAX and LOG_SOFTMAX. LiteRT's 16-bit reference kernel has tables of its own.
inline constexpr ByProfile<Forms> kFormsSoftmax{.litert = {.int16 = Form::reference},
                                                .xnnpack = {.int8 = Form::optimized, .int16 = Form::reference}};

/// Rows of one sample.
struct Rows {
  int32_t rows = 0;
  int32_t depth = 1;
};
Rows rows_of(const OpView& op);

/// The shape of operand 0, which must have a last dimension.
Result<std::vector<Shape>> infer_rows(const OpView& op);

/// unsupported where rows are longer than sums have room for.
Status check_depth(const Rows& rows, int32_t most);

}  // namespace narrow
