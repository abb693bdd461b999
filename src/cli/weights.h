// Histograms of a model's weights, for `narrow inspect --weights`.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// How the real values of one constant are spread: `counts` over equal parts of [lo, hi]. Values that are not finite
/// are counted apart.
struct WeightHistogram {
  const Tensor* tensor = nullptr;
  double lo = 0;
  double hi = 0;
  double mean = 0;
  double deviation = 0;  // standard deviation
  int64_t zeros = 0;
  int64_t not_finite = 0;
  std::array<int64_t, 24> counts{};
};

/// Of every parameter of every graph, in order.
std::vector<WeightHistogram> weight_histograms(const Model& model);

nlohmann::ordered_json weights_json(const std::vector<WeightHistogram>& all);
std::string weights_text(const std::vector<WeightHistogram>& all);

}  // namespace narrow
