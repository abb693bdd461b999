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

constexpr size_t kCell = 19;  // operand of an LSTM
constexpr size_t kState = 4;  // the same of the others

/// Hidden state and cell state.
std::vector<RequiredState> lstm_states(const OpView& op) {
  return kUnidirectionalSequenceLstm.states(op);
}

using Rnn = RnnAttributes;
using RnnT = format::RNNOptionsT;
using RnnTable = Table<Rnn, RnnT, Field<&Rnn::cell_activation, &RnnT::fused_activation_function>,
                       Field<&Rnn::asymmetric_quantize_inputs, &RnnT::asymmetric_quantize_inputs>>;

using SequenceRnn = UnidirectionalSequenceRnnAttributes;
using SequenceRnnT = format::SequenceRNNOptionsT;
using SequenceRnnTable =
    Table<SequenceRnn, SequenceRnnT, Field<&SequenceRnn::time_major, &SequenceRnnT::time_major>,
          Field<&SequenceRnn::cell_activation, &SequenceRnnT::fused_activation_function>,
          Field<&SequenceRnn::asymmetric_quantize_inputs, &SequenceRnnT::asymmetric_quantize_inputs>>;

using Svdf = SvdfAttributes;
using SvdfT = format::SVDFOptionsT;
using SvdfTable =
    Table<Svdf, SvdfT, Field<&Svdf::rank, &SvdfT::rank>, Field<&Svdf::activation, &SvdfT::fused_activation_function>,
          Field<&Svdf::asymmetric_quantize_inputs, &SvdfT::asymmetric_quantize_inputs>>;

/// The hidden state of a layer without gates.
std::vector<RequiredState> rnn_states(const OpView& op) {
  return {{kState, op.output().shape}};
}

std::vector<RequiredState> sequence_rnn_states(const OpView& op) {
  int const batch = op.input(0).shape[op.attributes<SequenceRnn>().time_major ? 1 : 0];
  return {{kState, Shape::of({batch, op.output().shape.back()})}};
}

std::vector<RequiredState> svdf_states(const OpView& op) {
  return kSvdf.states(op);
}

template <class OptionsTable, class... Releases>
constexpr Codec keeps_state(format::BuiltinOperator code, std::vector<RequiredState> (*states)(const OpView&),
                            size_t last_state, Releases... releases) {
  Codec out = codec<OptionsTable>(code, releases...);
  out.states = states;
  out.last_state = last_state;
  return out;
}

using enum format::BuiltinOperator;

constexpr Codec kRecurrent[] = {
    keeps_state<RnnTable>(RNN, rnn_states, kState, "1.5.0", "1.14.0", "2.3.0"),
    keeps_state<SvdfTable>(SVDF, svdf_states, kState, "1.5.0", "1.14.0", "2.2.0", "2.3.0"),
    keeps_state<SequenceRnnTable>(UNIDIRECTIONAL_SEQUENCE_RNN, sequence_rnn_states, kState, "1.5.0", "1.14.0", "2.3.0"),
    keeps_state<LstmTable>(UNIDIRECTIONAL_SEQUENCE_LSTM, lstm_states, kCell, "1.13.1", "1.14.0", "2.3.0", "2.12.0"),
};

}  // namespace

std::span<const Codec> recurrent_codecs() {
  return kRecurrent;
}

}  // namespace narrow
