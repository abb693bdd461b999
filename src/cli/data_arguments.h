// --data, --samples, --sequence, --data-scale, --data-offset, --data-is-quantized,
// --signature: where samples come from on the command line.
#pragma once

#include <fmt/format.h>

#include "cli/options.h"
#include "cli/shell_word.h"
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

/// The data of a command and how stored numbers become real values, as another command takes them.
inline std::string data_words(const DataSource& data) {
  std::string out = shell_word(data.path);
  if (data.scale != 1) out += fmt::format(" --data-scale {}", data.scale);
  if (data.offset != 0) out += fmt::format(" --data-offset {}", data.offset);
  return out;
}

inline void declare_signature(Options& options, std::string& signature,
                              const char* help = "run the graph of this signature") {
  options.text("--signature", "KEY", &signature, help, "the model's first graph");
}

}  // namespace narrow
