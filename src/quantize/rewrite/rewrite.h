// The integer model, built op by op with conversions where float and integer meet.
#pragma once

#include "quantize/plan/activation_params.h"
#include "quantize/plan/stored_constants.h"

namespace narrow {

/// What has been worked out before anything is rewritten.
struct Plan {
  Decisions decisions;
  ActivationParams activations;
  StoredConstants constants;
  const MomentsByTensor* moments = nullptr;  // of what layers read
};

/// What has become of an op of the source.
struct Rewritten {
  std::string note;  // what is to be told beside its decision; may be empty
  size_t now = 0;    // its index in the rewritten graph
};

/// By graph and op of the source.
using Trace = std::vector<std::vector<Rewritten>>;

/// The model with decided ops made integer: tensors moved to their activations, constants quantized, QUANTIZE and
/// DEQUANTIZE put in where an operand is not where its op wants it. Inputs and outputs of the graphs that are entered
/// keep the form their tensors have got; those of the graphs they run have the forms of their links.
Result<Model> rewrite(const Model& model, const Plan& plan, const Recipe& recipe, Trace& trace);

/// Leaves out QUANTIZE ops between equal activations, conversions that were made before, and those whose results nobody
/// reads.
void drop_redundant_conversions(Model& model, const Decisions& decisions);

/// Gives the float inputs and outputs of a graph of the original model that is entered the element type `io`: a
/// QUANTIZE or DEQUANTIZE is put at the border where the tensor has another. bad_option where no op converts,
/// unsupported where ops run the graph too, and so hand it what it has inside.
Status set_io_types(Model& model, const Model& original, int graph, const RangeOf& range_of, DType io);

/// The ops that `which` means, as --explain takes it: an op's name, or its index ("3" in the first graph, "1:3" in
/// graph 1), with what has become of them in `rewritten`.
std::vector<OpExplanation> explain(const Model& model, const Model& rewritten, const Plan& plan, const Trace& trace,
                                   const std::string& which);

/// An op that converts tensor `from` to tensor `to`: QUANTIZE or DEQUANTIZE by their element types.
Op conversion(const Graph& graph, int from, int to);

}  // namespace narrow
