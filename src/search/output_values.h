// What a model gives out for many samples, as real values.
#pragma once

#include <memory>
#include <vector>

#include "program/run_samples.h"

namespace narrow {

/// The values of the outputs of one graph: sample by sample, each output after output.
struct OutputValues {
  int64_t samples = 0;
  std::vector<int64_t> sizes;  // elements of each output
  std::vector<float> values;

  int64_t each() const;  // elements of a sample
  /// The elements of output `output` for sample `sample`.
  std::span<const float> of(int64_t sample, size_t output) const;
};

/// Runs the first options.samples of `data`. Errors: those of run_samples.
Result<OutputValues> output_values(const std::shared_ptr<const Model>& model, const Samples& data,
                                   const RunOptions& options);

/// The sum of squared differences of output `output`, and of the squares of `a`'s values. Added sample by sample.
struct OutputError {
  double signal = 0;
  double noise = 0;
};
OutputError output_error(const OutputValues& a, const OutputValues& b, size_t output);

}  // namespace narrow
