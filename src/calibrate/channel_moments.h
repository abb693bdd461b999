// Mean and variance of each channel of tensors: by them the error that a weight causes in a result can be estimated.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/result.h"
#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

/// By channel (index of the last dimension): mean, variance and largest magnitude of the values over all samples.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> variance;
  std::vector<double> largest = {};
};

using MomentsByTensor = std::map<TensorRef, ChannelMoments>;

/// The moments of a tensor, or null.
inline const ChannelMoments* find(const MomentsByTensor* moments, TensorRef tensor) {
  if (!moments) return nullptr;
  auto const at = moments->find(tensor);
  return at == moments->end() ? nullptr : &at->second;
}

/// The moments of those of `tensors` (float32, of rank 1 or more) that are computed or given when the first graph is
/// run over all of `data`, in sequences of `sequence` samples where it keeps state (0: all samples are one). What a
/// tensor holds in a sample where it is not all finite is left out. The result does not depend on the number of
/// threads. Errors: those of `run_samples`.
Result<MomentsByTensor> channel_moments(const std::shared_ptr<const Model>& model, const Samples& data,
                                        const std::set<TensorRef>& tensors, int threads, int64_t sequence = 0);

}  // namespace narrow
