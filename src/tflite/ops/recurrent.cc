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

/// Hidden state and cell state.
std::vector<RequiredState> lstm_states(const OpView& op) {
  constexpr size_t kOutputWeights = 4, kHidden = 18, kCell = 19;
  int const batch = op.input(0).shape[op.attributes<Lstm>().time_major ? 1 : 0];
  return {{kHidden, Shape::of({batch, op.output().shape.back()})},
          {kCell, Shape::of({batch, op.input(kOutputWeights).shape[0]})}};
}

template <class OptionsTable, class... Releases>
constexpr Codec keeps_state(format::BuiltinOperator code, std::vector<RequiredState> (*states)(const OpView&),
                            Releases... releases) {
  Codec out = codec<OptionsTable>(code, releases...);
  out.states = states;
  return out;
}

using enum format::BuiltinOperator;

constexpr Codec kRecurrent[] = {
    keeps_state<LstmTable>(UNIDIRECTIONAL_SEQUENCE_LSTM, lstm_states, "1.13.1", "1.14.0", "2.3.0", "2.12.0"),
};

}  // namespace

std::span<const Codec> recurrent_codecs() {
  return kRecurrent;
}

}  // namespace narrow
