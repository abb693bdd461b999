// weight_histograms of the public interface.
#include <algorithm>
#include <cmath>

#include "base/guarded.h"
#include "graph/real_values.h"
#include "narrow/inspect.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

WeightHistogram histogram(const Tensor& t) {
  WeightHistogram h;
  h.name = t.name;
  h.dtype = t.dtype;
  h.elements = t.elements();
  std::vector<float> values(static_cast<size_t>(t.elements()));
  real_values(t, t.data.data(), values);
  h.not_finite = static_cast<int64_t>(std::erase_if(values, [](float v) { return !std::isfinite(v); }));
  if (values.empty()) return h;
  auto const [lo, hi] = std::minmax_element(values.begin(), values.end());
  h.lo = *lo, h.hi = *hi;
  for (double v : values) h.mean += v / static_cast<double>(values.size());
  double const bins = static_cast<double>(h.counts.size());
  for (double v : values) {
    h.deviation += (v - h.mean) * (v - h.mean) / static_cast<double>(values.size());
    h.zeros += v == 0;
    double const place = h.hi > h.lo ? (v - h.lo) / (h.hi - h.lo) * bins : 0;
    ++h.counts[static_cast<size_t>(std::clamp(place, 0.0, bins - 1))];
  }
  h.deviation = std::sqrt(h.deviation);
  return h;
}

}  // namespace

Result<std::vector<WeightHistogram>> weight_histograms(const Model& model) {
  return guarded([&]() -> Result<std::vector<WeightHistogram>> {
    std::vector<WeightHistogram> all;
    for (const Graph& graph : model.graphs)
      for (const Tensor& t : graph.tensors)
        if (is_parameter(t) && element_bytes(t.dtype) > 0) all.push_back(histogram(t));
    return all;
  });
}

}  // namespace narrow
