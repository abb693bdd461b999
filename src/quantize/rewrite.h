// The integer graph, built op by op with conversions where float and integer meet.
#pragma once

#include "quantize/choose_grids.h"

namespace narrow {

/// The model with decided ops made integer: tensors moved to their grids, constants quantized, QUANTIZE and
/// DEQUANTIZE put in where an operand is not where its op wants it. Inputs and outputs keep the form their tensors
/// have got. `notes` takes a line for each op that has something to tell beside its decision (may be empty).
Result<Model> rewrite(const Model& model, const std::vector<Decision>& decisions, const Grids& grids,
                      const Recipe& recipe, std::vector<std::string>& notes);

/// Gives the float inputs and outputs of the original model the element type `io`, by retyping where the tensor
/// already has it and by a QUANTIZE or DEQUANTIZE at the border where not. bad_option where no op converts.
Status set_io(Model& model, const Model& original, const RangeOf& range_of, DType io);

/// An op that converts tensor `from` to tensor `to`: QUANTIZE or DEQUANTIZE by their element types.
Op conversion(const Graph& graph, int from, int to);

}  // namespace narrow
