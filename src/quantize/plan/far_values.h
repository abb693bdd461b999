// Far values: the -1e9 of an attention mask, the -inf of a pad before MAX_POOL_2D, and sums that such constants go
// into.
#pragma once

#include <vector>

#include "quantize/plan/tensor_ranges.h"

namespace narrow {

/// Cuts the ranges of one graph's tensors where values lie so far from the others that all readers act on them as on
/// the nearer end of the cut range: SOFTMAX makes zero of them, MAX_POOL_2D never takes them. Without the cut one such
/// constant would set the scale and leave no steps for all other values. Ranges without far values stay as they are.
void cut_far_values(const PlacedModel& placed, const TensorWidths& widths, int graph, std::vector<TensorRange>& ranges);

}  // namespace narrow
