// How much top-1 accuracy a quantized model loses, estimated from few samples.
//
// Of n samples of which a share p changes between right and wrong, the loss is measured with a deviation of sqrt(p / n):
// a point with 300 samples and p = 3 %. What is expected from the margins of the float model and the size of the errors
// is far less a matter of chance, but knows nothing of errors that favour a class. The estimate is between both, nearer
// to the measured loss the more samples there are.
#pragma once

#include <span>

#include "search/output_values.h"

namespace narrow {

/// Shares of samples.
struct Top1Loss {
  double measured = 0;
  double expected = 0;
  double changed = 0;    // of which an error of that size makes right ones wrong or wrong ones right
  double estimate = 0;
  double deviation = 0;  // of the estimate
};

/// `real` and `quantized` have a value for each class in output `output`, and `labels` one for each sample. `measured`
/// is the share of samples that is right less with the quantized model.
///
/// A sample's margin is its label's value less the largest other one. Errors of that difference are taken as normal with
/// mean 0 and their mean square over all samples as variance s^2. Expected of them is D(s) = P(margin > 0) - E Phi(margin
/// / s), with P and E over samples; as D is about proportional to s^2 for small s, and D of more noise is less a matter
/// of single samples, it is D(h) (s / h)^2 with h at least half the deviation of the margins. The loss is expected to
/// stray from that by a tenth of `changed`.
Top1Loss top1_loss(const OutputValues& real, const OutputValues& quantized, size_t output,
                   std::span<const int64_t> labels, double measured);

}  // namespace narrow
