// Custom ops of other programs that compute what a builtin op does: read as that op.
#pragma once

#include "graph/model.h"
#include "tflite/meter.h"

namespace narrow {

/// MediaPipe's custom op Convolution2DTransposeBias, read as TRANSPOSE_CONV with a bias. Operands: NHWC data, OHWI
/// weights, bias. Options: padding (1 SAME, 2 VALID) and the strides along width and height, as 32-bit integers, little
/// end first. The size of the result follows from data, weights and options; an operand that says it is added, as
/// TRANSPOSE_CONV has one. The op carries its StoredName. Ops whose options say something else, and ops with free
/// dimensions, stay custom ops that narrow does not know. Source:
/// mediapipe/util/tflite/operations/transpose_conv_bias.cc.
Status read_foreign_ops(Graph& graph, Meter& meter);

}  // namespace narrow
