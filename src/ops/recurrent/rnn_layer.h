// Layers without gates, whichever op has them: their operands, values inside, and steps in float and on integers.
#pragma once

#include <optional>

#include "ops/recurrent/data_grid.h"
#include "ops/recurrent/operands.h"
#include "ops/recurrent/recurrent.h"

namespace narrow {

enum RnnOperand : uint8_t { rnn_data, rnn_kernel, rnn_recurrent, rnn_bias, rnn_state };

// The values inside: what the function gives, and what it is applied to. Both matter where no table bounds them.
enum RnnInside : uint8_t { rnn_values, rnn_sums, rnn_insides };

/// The sizes of an op, and what it computes.
struct RnnLayer : SequenceSizes {
  int units = 1;
  CellActivation function{};
  float clip = 0;                    // bound of the magnitude of what the function is applied to; 0: none
  bool time_major = false;           // data and the first result are [time, batch, ...]
  std::optional<DataGrid> hybrid{};  // what data meets weights of int8 on, if the op has such a form
};

/// The layer with its units; bad_file where operands do not fit together. `needs_bias`: its bias may not be left out.
Result<RnnLayer> sized_rnn(const OpView& op, const SequenceSizes& sizes, bool needs_bias);

int64_t macs_rnn(const OpView& op);

/// The shapes of values inside, of an op that applies this function.
std::vector<Shape> inside_rnn(const OpView& op, CellFunction function);

/// The step of an op, whose results are the hidden states and, if it has two, the last one: float32, also with weights
/// of int8 where the layer is `hybrid`, or int8 or int16 as kernels/portable/recurrent/rnn.h has it.
Result<Step> lower_rnn_layer(const OpView& op, const RnnLayer& layer);

inline constexpr Inside kInsideRnn[rnn_insides] = {{Inside::Params::power_of_two, 0x1p-15F},
                                                   {Inside::Params::power_of_two, 0x1p-12F}};

inline constexpr OperandPart kPartsRnn[] = {
    {.kind = OperandPart::Kind::weights, .operand = rnn_kernel, .name = "wt", .by_row = true},
    {.kind = OperandPart::Kind::weights,
     .operand = rnn_recurrent,
     .name = "recurrent_wt",
     .of = {ScaleOf::Kind::result},
     .by_row = true},
    {.kind = OperandPart::Kind::bias, .operand = rnn_bias, .name = "input_bias", .weights = rnn_kernel},
    {.kind = OperandPart::Kind::begin,
     .operand = rnn_state,
     .name = "hidden_state",
     .of = {ScaleOf::Kind::result},
     .as_result = true}};

/// The rule of such an op, whose integers are narrow's own.
constexpr QuantRule rnn_rule(const Versions& versions) {
  return {.int8 = true,
          .int16 = true,
          .forms_missing = true,
          .roles = {Role::activation, Role::weight, Role::weight, Role::bias, Role::state},
          .parts = kPartsRnn,
          .inside = kInsideRnn,
          .any_widths = true,
          .rounds_once = true,
          .versions = versions};
}

}  // namespace narrow
