// Factors by which a quantized model's channels are larger than the float model's, where nobody says them.
#pragma once

#include <vector>

#include "program/evaluate.h"
#include "search/layer_errors.h"

namespace narrow {

/// `narrow quantize` may make channels of tensors larger and take it back in the layers that read them; beside the
/// float model as it was read, such tensors are wrong by these factors alone. Finds them by least squares, channel by
/// channel of the last axis, over the samples of `options`. A tensor has factors where they explain nine tenths of its
/// error: rounding and clipping never look like that. By tensor of the float graph; empty where it has none. Neither
/// graph keeps state. Errors: those of running.
Result<std::vector<std::vector<float>>> channel_gains(const Candidate& reference, const Candidate& quantized,
                                                      const LayerErrorOptions& options);

}  // namespace narrow
