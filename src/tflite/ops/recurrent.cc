// Recurrent layers.
#include "ops/recurrent/recurrent.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using Lstm = UnidirectionalSequenceLstmAttributes;
using LstmT = format::UnidirectionalSequenceLSTMOptionsT;
using LstmTable = Table<Lstm, LstmT, Field<&Lstm::cell_activation, &LstmT::fused_activation_function>,
                        Field<&Lstm::cell_clip, &LstmT::cell_clip>, Field<&Lstm::proj_clip, &LstmT::proj_clip>,
                        Field<&Lstm::time_major, &LstmT::time_major>,
                        Field<&Lstm::asymmetric_quantize_inputs, &LstmT::asymmetric_quantize_inputs>,
                        Field<&Lstm::diagonal_recurrent_tensors, &LstmT::diagonal_recurrent_tensors>>;

using enum format::BuiltinOperator;

constexpr Codec kRecurrent[] = {
    codec<LstmTable>(UNIDIRECTIONAL_SEQUENCE_LSTM, "1.13.1", "1.14.0", "2.3.0", "2.12.0"),
};

}  // namespace

std::span<const Codec> recurrent_codecs() {
  return kRecurrent;
}

}  // namespace narrow
