// BATCH_MATMUL of integers: int8 with int8, int16 with int16 or int8.
#pragma once

#include "ops/layers/layers.h"

extern "C" {
#include "portable/layers/batch_matmul.h"
}

namespace narrow {

Result<Step> lower_integer_batch_matmul(const OpView& op, const nw_batch_matmul_params& geometry,
                                        const LowerContext& context);

}  // namespace narrow
