#include "ops/arithmetic/unary.h"
#include "ops/conversions/conversions.h"
#include "ops/layout/copy.h"

namespace narrow {

/// Sparse constants are unfolded before anything is lowered, and the op goes with them; of a dense operand it is a
/// copy.
const OpDef kDensify{
    .name = "DENSIFY",
    .arity = {},
    .quant = {.roles = {Role::activation}, .versions = {.int8 = 1, .int16 = 1}},
    .infer = infer_unary,
    .lower = lower_copy,
};

}  // namespace narrow
