// The error of each layer of a quantized model beside the float model that it stands for: with the errors of all layers
// before it, and alone.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "graph/samples.h"
#include "narrow/evaluate.h"
#include "program/evaluate.h"

namespace narrow {

/// A computed tensor or input of the quantized graph, and the float tensor whose values it stands for.
struct TensorTwin {
  int tensor = 0;     // of the quantized graph
  int reference = 0;  // of the float graph
};

/// The tensors of the quantized graph that stand for ones of the float graph: inputs in order, computed tensors of the
/// same name and size, and what conversions (QUANTIZE, DEQUANTIZE) read or give of those.
std::vector<TensorTwin> tensor_twins(const Graph& reference, const Graph& quantized);

/// What was seen of one tensor over all samples.
struct LayerError {
  TensorTwin twin;
  ErrorSums accumulated;                   // with the errors of all layers before
  std::optional<ErrorSums> isolated = {};  // of the op that computes it, given the float model's values, quantized, for
                                           // all operands; none for inputs and where an operand has no twin
  int64_t clipped = 0;                     // float values beyond what the tensor's integers stand for, by more than
                                           // half a step
  std::vector<uint64_t> codes = {};        // how often each integer occurs, the least of its type first; of tensors of
                                           // 8 and 16 bits with a scale
};

struct LayerErrorOptions {
  int64_t samples = 0;  // the first so many
  int threads = 1;
  const ProfileDef* profile = &all_profiles().front();  // whose rounding the quantized model has
  Progress* progress = nullptr;                         // counts samples; may be null
  std::vector<std::vector<float>> gains = {};  // by tensor of the float graph: factors of its channels (channel_gains)
};

/// Runs both models side by side, in the order of the quantized graph's tensors; the same for any number of threads.
/// Neither graph keeps state or runs others (runs_one_by_one). Errors: those of lowering, of running and of the data.
Result<std::vector<LayerError>> layer_errors(const Candidate& reference, const Candidate& quantized,
                                             const LayerErrorOptions& options);

}  // namespace narrow
