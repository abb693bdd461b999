// Custom ops of other programs that compute what a builtin op does: read as that op.
#pragma once

#include "graph/model.h"
#include "tflite/meter.h"

namespace narrow {

/// MediaPipe's custom op Convolution2DTransposeBias, read as TRANSPOSE_CONV with a bias. Operands: NHWC data, OHWI
/// weights, bias. Options: padding (1 SAME, 2 VALID) and the strides along width and height, as 32-bit integers in the
/// order of bytes of the format. The size of its result follows from data, weights and options; it is SAME's or VALID's
/// largest of TRANSPOSE_CONV, so only the operand that says it is added, from the shape in the file. Ops whose options
/// say something else, or whose result has a free dimension, stay custom ops that narrow does not know.
Status read_foreign_ops(Graph& graph, Meter& meter);

}  // namespace narrow
