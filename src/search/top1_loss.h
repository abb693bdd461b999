// How much top-1 accuracy a quantized model loses, estimated from few samples.
//
// Of n samples of which a share p changes between right and wrong, the loss is measured with a deviation of sqrt(p /
// n): a point with 300 samples and p = 3 %. What is expected of errors of a certain size, from the float model's
// outputs alone, is far less a matter of chance, but knows nothing of errors that favour a class. Where more was
// measured than expected, the estimate is between both, nearer to the measured loss the more samples there are; where
// less was, it is what was expected, since who takes the best of several models by a measured loss takes the luckiest.
#pragma once

#include <vector>

#include "search/output_values.h"

namespace narrow {

/// Shares of samples.
struct Top1Loss {
  double measured = 0;
  double expected = 0;
  double changed = 0;  // of which errors of that size make right ones wrong or wrong ones right
  double estimate = 0;
  double deviation = 0;  // of the estimate
};

/// Outputs of a float model, and the right answer for each sample.
struct LabelledOutputs {
  OutputValues values;
  std::vector<int64_t> labels;
};

/// `real` and `quantized` are of the same samples, both with a value for each class in output `output`. `measured` is
/// the share of samples that is right less with the quantized model. What is expected comes from the float outputs
/// `every`, which may be of more samples: of those, too, that the quantized model was made from.
///
/// Errors of classes are taken as independent and normal. Their deviation s comes from the errors of margins (a label's
/// value less the largest other one) over all samples, without the part that is in proportion to the margin and changes
/// no order. With it, each sample is right with the chance that its label's value stays the largest; D(s) is the share
/// right without errors less the mean of that chance. As D is about in proportion to s^2 for small s, and D of more
/// noise is less a matter of single samples, D(h) (s / h)^2 is expected, with h at least half the deviation of the
/// margins. The loss is taken to stray from that by a tenth of `changed`.
Top1Loss top1_loss(const LabelledOutputs& every, const LabelledOutputs& real, const OutputValues& quantized,
                   size_t output, double measured);

}  // namespace narrow
