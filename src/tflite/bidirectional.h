// Recurrent layers that go through a sequence from both ends: read as two layers, one of them between two REVERSE_V2.
#pragma once

#include "graph/model.h"
#include "tflite/meter.h"

namespace narrow {

/// BIDIRECTIONAL_SEQUENCE_LSTM and BIDIRECTIONAL_SEQUENCE_RNN become two UNIDIRECTIONAL_SEQUENCE_LSTM or _RNN and,
/// where their results are merged, a CONCATENATION. Data of its own for the second direction is taken; ops with weights
/// on auxiliary data, and such as do not fit together, stay ops that narrow does not know. Source: TFLite's
/// documentation of the operands, and its kernels for which data a direction reads.
Status read_bidirectional_ops(Graph& graph, Meter& meter);

}  // namespace narrow
