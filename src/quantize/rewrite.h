// The integer model, built op by op with conversions where float and integer meet.
#pragma once

#include "quantize/grids.h"
#include "quantize/stored_constants.h"

namespace narrow {

/// What has been worked out before anything is rewritten.
struct Plan {
  Decisions decisions;
  Grids grids;
  StoredConstants constants;
};

/// What is to be told of each op beside its decision, by graph and op; may be empty.
using Notes = std::vector<std::vector<std::string>>;

/// The model with decided ops made integer: tensors moved to their grids, constants quantized, QUANTIZE and
/// DEQUANTIZE put in where an operand is not where its op wants it. Inputs and outputs of the first graph keep the
/// form their tensors have got; those of the graphs it runs have the forms of their links.
Result<Model> rewrite(const Model& model, const Plan& plan, const Recipe& recipe, Notes& notes);

/// Leaves out QUANTIZE ops between equal grids, conversions that were made before, and those whose results nobody
/// reads.
void drop_copies(Model& model);

/// Gives the float inputs and outputs of the original model's first graph the element type `io`, by retyping where the
/// tensor already has it and by a QUANTIZE or DEQUANTIZE at the border where not. bad_option where no op converts.
Status set_io(Model& model, const Model& original, const RangeOf& range_of, DType io);

/// An op that converts tensor `from` to tensor `to`: QUANTIZE or DEQUANTIZE by their element types.
Op conversion(const Graph& graph, int from, int to);

}  // namespace narrow
