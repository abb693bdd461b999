// MATRIX_DIAG: square matrices with the rows of the data on their diagonals and zeros elsewhere. MATRIX_SET_DIAG: the
// matrices of operand 0 with the rows of operand 1 on their diagonals.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

extern const OpDef kMatrixDiag;
extern const OpDef kMatrixSetDiag;

}  // namespace narrow
