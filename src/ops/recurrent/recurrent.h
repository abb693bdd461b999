// Recurrent layers: one op computes all steps of a sequence.
//
// Operands that hold state say by what they are how a sequence begins: one that is left out stands for zeros; a
// variable tensor holds what the run before has left, and gets what this run leaves; any other tensor holds the values
// to begin with.
#pragma once

#include "ops/def/attributes.h"
#include "ops/def/op_def.h"
#include "ops/recurrent/cell_function.h"

namespace narrow {

/// UNIDIRECTIONAL_SEQUENCE_LSTM, as the .tflite format has it. Operands: data [batch, time, in]; weights of the data
/// [cells, in] of input, forget, cell and output gate; recurrent weights [cells, out] likewise; peepholes [cells] of
/// input, forget and output gate; biases [cells] of the four gates; weights [out, cells] and bias [out] of a
/// projection; hidden state [batch, out] and cell state [batch, cells]; layer normalization [cells] of the four gates.
/// Without the input gate's weights its values are 1 minus the forget gate's. Peepholes, projection, layer
/// normalization and state may be left out.
struct UnidirectionalSequenceLstmAttributes {
  Activation cell_activation = Activation::none;  // of the cell gate, and of the cell state on its way to the result
  float cell_clip = 0;                            // bound of the cell state's magnitude; 0: none
  float proj_clip = 0;                            // of what the projection gives
  bool time_major = false;                        // data and result are [time, batch, ...]
  bool asymmetric_quantize_inputs = false;        // how float data meets integer weights
  bool diagonal_recurrent_tensors = false;        // recurrent weights are [cells], of diagonal matrices
  static const AttributeType kType;
};
extern const OpDef kUnidirectionalSequenceLstm;

/// LSTM_SEQUENCE: gates in the order input, forget, cell, output. Operands: data [batch, time, in], weights
/// [4 * units, in], recurrent weights [4 * units, units], bias [4 * units], peepholes [3 * units] of input, forget and
/// output gate, hidden state [batch, units], cell state [batch, units]; all behind the recurrent weights may be left
/// out. Results: hidden states [batch, time, units], the last hidden state and the last cell state [batch, units].
struct LstmSequenceAttributes {
  CellFunction gate_function = CellFunction::sigmoid;  // of input, forget and output gate
  float gate_alpha = 0;
  float gate_beta = 0;
  CellFunction candidate_function = CellFunction::tanh;  // of the cell gate
  float candidate_alpha = 0;
  float candidate_beta = 0;
  CellFunction output_function = CellFunction::tanh;  // of the cell state on its way to the hidden state
  float output_alpha = 0;
  float output_beta = 0;
  float clip = 0;  // bound of the magnitude of what the gates' functions are applied to; 0: none
  static const AttributeType kType;
};
extern const OpDef kLstmSequence;

/// GRU_SEQUENCE: gates in the order update, reset, candidate. Operands: data [batch, time, in], weights
/// [3 * units, in], recurrent weights [3 * units, units], bias [3 * units], recurrent bias [units] of the candidate
/// (only with reset_after), hidden state [batch, units]; all behind the recurrent weights may be left out. Results:
/// hidden states [batch, time, units] and the last one [batch, units].
struct GruSequenceAttributes {
  CellFunction gate_function = CellFunction::sigmoid;  // of update and reset gate
  float gate_alpha = 0;
  float gate_beta = 0;
  CellFunction candidate_function = CellFunction::tanh;
  float candidate_alpha = 0;
  float candidate_beta = 0;
  float clip = 0;            // bound of the magnitude of what the functions are applied to; 0: none
  bool reset_after = false;  // the reset gate multiplies the candidate's recurrent product, not the hidden state in it
  static const AttributeType kType;
};
extern const OpDef kGruSequence;

/// RNN_SEQUENCE: the hidden state is a function of weighted data and hidden state. Operands: data [batch, time, in],
/// weights [units, in], recurrent weights [units, units], bias [units], hidden state [batch, units]; all behind the
/// recurrent weights may be left out. Results: hidden states [batch, time, units] and the last one [batch, units].
struct RnnSequenceAttributes {
  CellFunction function = CellFunction::tanh;
  float alpha = 0;
  float beta = 0;
  float clip = 0;  // bound of the magnitude of what the function is applied to; 0: none
  static const AttributeType kType;
};
extern const OpDef kRnnSequence;

/// RNN: one step of a layer without gates. Operands: data [batch, in], weights [units, in], recurrent weights
/// [units, units], bias [units], hidden state [batch, units], which is the result too.
struct RnnAttributes {
  Activation cell_activation = Activation::none;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};
extern const OpDef kRnn;

/// UNIDIRECTIONAL_SEQUENCE_RNN: all steps of such a layer over data [batch, time, in]. Operands as of RNN; the result
/// are the hidden states [batch, time, units].
struct UnidirectionalSequenceRnnAttributes {
  bool time_major = false;  // data and result are [time, batch, ...]
  Activation cell_activation = Activation::none;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};
extern const OpDef kUnidirectionalSequenceRnn;

/// SVDF: a dense layer over the last `memory` steps whose weights are sums of `rank` products of a vector over features
/// and one over time. Operands: data [batch, in], vectors over features [rank * units, in], those over time
/// [rank * units, memory], bias [units] (may be left out), and the state [batch, rank * units * memory], which holds
/// what the first vectors gave for the last steps. The result is [batch, units].
struct SvdfAttributes {
  int rank = 0;
  Activation activation = Activation::none;
  bool asymmetric_quantize_inputs = false;  // how float data meets integer weights
  static const AttributeType kType;
};
extern const OpDef kSvdf;

/// The ops above, of which the registry is made.
inline constexpr const OpDef* kRecurrentOps[] = {&kGruSequence,
                                                 &kLstmSequence,
                                                 &kRnn,
                                                 &kRnnSequence,
                                                 &kSvdf,
                                                 &kUnidirectionalSequenceLstm,
                                                 &kUnidirectionalSequenceRnn};

}  // namespace narrow
