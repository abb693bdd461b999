// The integers of a quantized model's layers, chosen by the error that they make in the layers' results.
//
// One pass over the layers in the order of ops. The float and the quantized model are run up to a layer, the latter
// with the integers chosen so far; the moments of what the layer reads in both decide its integers and its bias
// (quantize/weights/weight_objective.h). Nothing but constants of layers changes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "calibrate/input_moments.h"
#include "graph/samples.h"
#include "quantize/types.h"

namespace narrow {

struct ChooseWeightsOptions {
  int entry = 0;                           // the graph to run; layers of others stay as they are
  WeightChoice choice{};                   // of layers that no rule gives another rounding
  int64_t most_samples = 128;              // evenly spaced ones are run
  int64_t most_bytes = int64_t{24} << 20;  // for what both models hold between two layers, of all samples that are run
  int threads = 1;
};

/// What became of the layers.
struct ChosenWeights {
  int64_t samples = 0;                 // that were run
  int64_t layers = 0;                  // whose integers were chosen
  std::vector<std::string> unchanged;  // why layers stayed as they were: "CONV_3D 'x': ..."
};

/// `model` is the float model that `quantized` was made of; `real` and `stored` are the same samples for the inputs of
/// either. The result depends neither on the number of threads nor on the last bits of the float run, but where a value
/// lies within those of the border between two multiples of a 64th of a step. Errors: those of the samples, and
/// unsupported for an op without a kernel, or for a layer of which a rule asks for a rounding by samples in vain.
Result<ChosenWeights> choose_weights(const std::shared_ptr<const Model>& model, QuantizedModel& quantized,
                                     const Samples& real, const Samples& stored, const ChooseWeightsOptions& options);

}  // namespace narrow
