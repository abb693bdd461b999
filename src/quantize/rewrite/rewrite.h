// rewrite(): the quantized model, built op by op from the plan, with conversions where an operand is not stored as its
// op wants it.
#pragma once

#include "quantize/plan/activation_params.h"
#include "quantize/plan/stored_constants.h"
#include "quantize/weights/layer_spec.h"

namespace narrow {

/// Everything that is decided before anything is rewritten.
struct Plan {
  Decisions decisions;
  ActivationParams activations;
  StoredConstants constants;
  const MomentsByTensor* moments = nullptr;  // of the inputs of layers; null where they are not known
};

/// What became of an op of the source.
struct Rewritten {
  std::string note;                  // to be told beside the reason of its decision; may be empty
  size_t now = 0;                    // its index in the rewritten graph
  std::optional<LayerSpec> layer{};  // what the integers of a float layer were chosen by
  std::string layer_note{};          // what of `note` is about these
  std::vector<PartSpec> parts{};     // the same of an op of several layers
};

/// By graph and op of the source.
using Trace = std::vector<std::vector<Rewritten>>;

/// The source with the ops that are placed so made integer: tensors take their canonical parameters, constants are
/// quantized, and QUANTIZE or DEQUANTIZE is put before an op whose operand is stored otherwise. Inputs and outputs of
/// entries stay as their tensors have become (see set_io_types); those of graphs that ops run have the types of their
/// tied groups. Errors name the op.
Result<Model> rewrite(const Model& model, const Plan& plan, const Recipe& recipe, Trace& trace);

/// Removes QUANTIZE ops between equal parameters, conversions that were made before, and those whose results nobody
/// reads, from all graphs that are run.
void drop_redundant_conversions(Model& model, const Decisions& decisions);

/// The float outputs of a graph whose values come from an op that narrow cannot compute: no range is known of them.
std::vector<int> outputs_without_values(const Graph& graph);

/// Gives the float inputs and outputs of entry `graph` of the original model the element type `io`, by a QUANTIZE or
/// DEQUANTIZE at the border where the tensor has become something else. bad_option where no op converts between the
/// two, unsupported where ops run the graph as well and so pass it the tensors themselves. outputs_without_values stay
/// as they are.
Status set_io_types(Model& model, const Model& original, int graph, const RangeOf& range_of, DType io);

/// Gives inputs and outputs of entry `graph` that are integers in the original model the element type `io`: a QUANTIZE
/// or DEQUANTIZE at the border goes where it would lead back to that type, else one is added. Errors: those of
/// set_io_types.
Status set_integer_io(Model& model, const Model& original, int graph, DType io);

/// Explanations of the ops that `which` means: an op's name, or its index ("3" in the first graph, "1:3" in graph 1).
std::vector<OpExplanation> explain(const Model& model, const Model& rewritten, const Plan& plan, const Trace& trace,
                                   const std::string& which);

}  // namespace narrow
