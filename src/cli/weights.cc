#include "cli/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/table.h"
#include "graph/real_values.h"
#include "ops/def/totals.h"

namespace narrow {
namespace {

WeightHistogram histogram(const Tensor& t) {
  WeightHistogram h{.tensor = &t};
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

/// One character a bin, as high as its count beside the largest.
std::string bars(const WeightHistogram& h) {
  static constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  int64_t const most = std::max<int64_t>(*std::max_element(h.counts.begin(), h.counts.end()), 1);
  std::string out;
  for (int64_t n : h.counts) out += kBars[(n * 8 + most - 1) / most];
  return out;
}

}  // namespace

std::vector<WeightHistogram> weight_histograms(const Model& model) {
  std::vector<WeightHistogram> all;
  for (const Graph& graph : model.graphs)
    for (const Tensor& t : graph.tensors)
      if (is_parameter(t) && element_bytes(t.dtype) > 0) all.push_back(histogram(t));
  return all;
}

nlohmann::ordered_json weights_json(const std::vector<WeightHistogram>& all) {
  auto out = nlohmann::ordered_json::array();
  for (const WeightHistogram& h : all)
    out.push_back({{"name", h.tensor->name},
                   {"elements", h.tensor->elements()},
                   {"min", h.lo},
                   {"max", h.hi},
                   {"mean", h.mean},
                   {"deviation", h.deviation},
                   {"zeros", h.zeros},
                   {"not_finite", h.not_finite},
                   {"counts", h.counts}});
  return out;
}

std::string weights_text(const std::vector<WeightHistogram>& all) {
  Table table({"weights", "type", ">elements", ">zeros", ">deviation", ">min", "spread", "max"});
  for (const WeightHistogram& h : all)
    table.row({h.tensor->name, to_string(h.tensor->dtype), grouped(h.tensor->elements()), grouped(h.zeros),
               fmt::format("{:.4g}", h.deviation), fmt::format("{:.4g}", h.lo), bars(h), fmt::format("{:.4g}", h.hi)});
  return table.text();
}

}  // namespace narrow
