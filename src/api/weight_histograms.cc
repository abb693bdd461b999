// weight_histograms of the public interface.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "base/guarded.h"
#include "emit/constants/constants.h"
#include "graph/real_values.h"
#include "narrow/inspect.h"
#include "ops/def/op_def.h"
#include "ops/def/totals.h"
#include "quantize/weights/weight_channels.h"

namespace narrow {
namespace {

constexpr size_t kFewestChannels = 4;  // of which a median says something

/// The channels that reach far beyond the median of those that hold anything but zeros.
std::vector<OutlierChannel> outlier_channels(const Tensor& t, std::vector<float> values, int axis) {
  std::ranges::replace_if(
      values, [](float v) { return !std::isfinite(v); }, 0.0F);
  auto const largest = largest_weights(values, weight_channels(t, axis, Granularity::channel));
  std::vector<float> used;
  std::ranges::copy_if(largest, std::back_inserter(used), [](float m) { return m > 0; });
  if (used.size() < kFewestChannels) return {};
  auto const middle = used.begin() + static_cast<std::ptrdiff_t>((used.size() - 1) / 2);
  std::ranges::nth_element(used, middle);
  double const median = *middle;
  std::vector<OutlierChannel> out;
  for (size_t c = 0; c < largest.size(); ++c)
    if (double const times = largest[c] / median; times > kOutlierChannel)
      out.push_back({static_cast<int64_t>(c), largest[c], times});
  return out;
}

/// For each tensor of a graph the dimension that counts output channels, where a layer takes it as its weights.
std::vector<std::optional<int>> channel_axes(const Graph& graph) {
  std::vector<std::optional<int>> out(graph.tensors.size());
  std::vector<int> const sources = constant_sources(graph);
  for (const Op& op : graph.ops)
    for (size_t i = 0; op.def && i < op.inputs.size(); ++i) {
      if (op.inputs[i] == kNoTensor || op.def->quant.role(i) != Role::weight) continue;
      int const t = sources[static_cast<size_t>(op.inputs[i])];
      if (t != kNoTensor) out[static_cast<size_t>(t)] = op.def->quant.weight_axis;
    }
  return out;
}

WeightHistogram histogram(const Tensor& t, std::optional<int> channel_axis) {
  WeightHistogram h;
  h.name = t.name;
  h.dtype = t.dtype;
  h.elements = t.elements();
  std::vector<float> values(static_cast<size_t>(t.elements()));
  real_values(t, t.data.data(), values);
  if (channel_axis) h.outlier_channels = outlier_channels(t, values, *channel_axis);
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
    for (const Graph& graph : model.graphs) {
      auto const axes = channel_axes(graph);
      for (size_t i = 0; i < graph.tensors.size(); ++i)
        if (const Tensor& t = graph.tensors[i]; is_parameter(t) && element_bytes(t.dtype) > 0)
          all.push_back(histogram(t, axes[i]));
    }
    return all;
  });
}

}  // namespace narrow
