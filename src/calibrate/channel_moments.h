// Mean and variance of each channel of tensors, for who weighs errors that multiply with them.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/result.h"
#include "graph/model.h"
#include "graph/samples.h"

namespace narrow {

/// Of the values that share an index of the last dimension, over all samples; both of the same size.
struct ChannelMoments {
  std::vector<double> mean;
  std::vector<double> variance;
};

using MomentsByTensor = std::map<TensorRef, ChannelMoments>;

/// The moments of a tensor, or null.
inline const ChannelMoments* find(const MomentsByTensor* moments, TensorRef tensor) {
  if (!moments) return nullptr;
  auto const at = moments->find(tensor);
  return at == moments->end() ? nullptr : &at->second;
}

/// Of those of `tensors` (float32, of rank 1 at least) that a run of the first graph over all of `data` computes or is
/// given; tensors with values that are not finite are left out. The result does not depend on threads. Errors: those of
/// `run_samples`.
Result<MomentsByTensor> channel_moments(const std::shared_ptr<const Model>& model, const Samples& data,
                                        const std::set<TensorRef>& tensors, int threads);

}  // namespace narrow
