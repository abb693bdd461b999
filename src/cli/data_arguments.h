// --data, --samples, --sequence, --data-scale, --data-offset, --data-is-quantized,
// --signature: where samples come from on the command line.
#pragma once

#include "cli/options.h"
#include "narrow/data.h"

namespace narrow {

/// Declares the options that fill `data`.
inline void declare_data(Options& options, DataSource& data, bool required) {
  constexpr const char* kHelp = "samples: a .npy, .npz or .csv, or a folder of them";
  if (required)
    options.required_text("--data", "D", &data.path, kHelp);
  else
    options.text("--data", "D", &data.path, kHelp);
  options.count("--samples", "N", &data.samples, "use the first N samples", "all");
  options.count("--sequence", "N", &data.sequence,
                "of a model that keeps state: samples of one sequence in time; then it begins anew", "all samples");
  options.number("--data-scale", "X", &data.scale,
                 "real value = number in the data * X + offset; 1/255 is a number too");
  options.number("--data-offset", "X", &data.offset, "see --data-scale");
  options.flag("--data-is-quantized", &data.is_quantized,
               "integers are stored ones of integer inputs; else they are real values for any input");
}

inline void declare_signature(Options& options, std::string& signature,
                              const char* help = "run the graph of this signature") {
  options.text("--signature", "KEY", &signature, help, "the model's first graph");
}

}  // namespace narrow
