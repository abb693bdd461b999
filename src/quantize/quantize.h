// quantize(): a float model and the ranges of its values become a quantized model.
#pragma once

#include "quantize/types.h"

namespace narrow {

/// Quantizes the entries and the graphs that they run. The outcomes cover the ops of all graphs in order. `range_of` is
/// called by integer schemes only and may be empty for the others. unsupported names each op that cannot be integer,
/// where the scheme is integer and `allow_float` is off.
Result<QuantizedModel> quantize(const Model& model, const RangeOf& range_of, const QuantizeOptions& options);

}  // namespace narrow
