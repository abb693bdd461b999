// Which ops become integer, at which width, and why the others do not.
#pragma once

#include <vector>

#include "quantize/quantize.h"

namespace narrow {

struct Decision {
  bool quantized = false;  // becomes integer
  bool untouched = false;  // carries no real values, or is integer already: stays as it is
  int bits = 0;            // of its activations, where quantized
  Settings settings;       // of the op's activations
  std::string reason;
};

/// One decision for each op of the first graph.
std::vector<Decision> decide(const Model& model, const QuantizeOptions& options);

/// An error that names each op that stays float; nothing where all are integer.
Status require_integer(const Model& model, const std::vector<Decision>& decisions);

}  // namespace narrow
