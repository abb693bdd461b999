// A step that runs a layer packed for the host kernels.
#pragma once

#include <algorithm>
#include <memory>

#include "host/conv.h"
#include "ops/layers/integer_layer.h"

namespace narrow {

/// Bias values as the accumulator type of activations T; null where there are none.
template <class T>
std::vector<host::Accumulator<T>> accumulator_bias(const IntegerLayer& layer) {
  std::vector<host::Accumulator<T>> out;
  for (int64_t b : layer.bias) out.push_back(static_cast<host::Accumulator<T>>(b));
  return out;
}

/// Whether the host kernels take the weights: 16-bit ones have no -32768.
inline bool fits_vectors(const Tensor& weights) {
  if (weights.dtype != DType::int16) return true;
  auto const w = weights.values<int16_t>();
  return std::find(w.begin(), w.end(), INT16_MIN) == w.end();
}

/// `images` inputs of the packed layer make one sample (rows, for a dense layer).
template <class T>
Step layer_step(host::PackedConv<T> packed, const IntegerLayer& layer, int images) {
  auto const shared = std::make_shared<const host::PackedConv<T>>(std::move(packed));
  auto const epilogue = std::make_shared<const host::Epilogue>(layer.epilogue());
  return Step{.run =
                  [shared, epilogue, images](const StepArgs& a) {
                    host::run(*shared, *epilogue, images * a.batch, static_cast<const T*>(a.in[0]),
                              static_cast<T*>(a.out[0]), a.scratch);
                  },
              .scratch_bytes = host::scratch_bytes(*shared),
              .batched = true,
              .host_only = layer.host_only(),
              .kernel = layer.host_only() ? "integer sums, float rounding, vectors" : "integer, vectors"};
}

}  // namespace narrow
