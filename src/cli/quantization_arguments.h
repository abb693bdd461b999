// The options that say how a model is quantized: of `quantize`, and of commands that quantize on the way.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "narrow/quantize.h"

namespace narrow {

struct QuantizationArguments {
  std::string range, act_max, keep_float;
  std::vector<std::string> statistics;
  QuantizeRequest request;
};

/// Whether any option says how to quantize: one that only `quantize` has a use for, unlike those of samples.
bool asks_anything(const QuantizationArguments& arguments);

void declare_quantization(Options& options, QuantizationArguments& arguments);

/// Brings into the request what is not stored by parsing alone. Errors: bad_option.
Status complete(QuantizationArguments& arguments);

}  // namespace narrow
