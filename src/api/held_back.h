// Samples of a request in two parts: what a model is made from, and what it is judged by.
#pragma once

#include <memory>
#include <vector>

#include "graph/model.h"
#include "graph/samples.h"
#include "narrow/data.h"

namespace narrow {

/// The numbers of the samples that choose, and of those that ranges and moments are of. Both rise.
struct SplitSamples {
  std::vector<int64_t> held_back;
  std::vector<int64_t> others;
};

struct SplitRule {
  int64_t share = 4;   // one in so many is held back, at least 2
  int64_t most = 256;  // evenly spaced ones of them
};

/// With fewer than 8 samples, all are in both parts.
SplitSamples split_samples(int64_t samples, const SplitRule& rule = {});

/// `count` numbers below `of`, rising and evenly spaced; 0 <= count <= of.
std::vector<int64_t> evenly(int64_t count, int64_t of);

/// Samples of `all` by number, as they are read for the inputs of `graph`.
DataSource picked(const Graph& graph, std::shared_ptr<const Samples> all, std::vector<int64_t> numbers);

}  // namespace narrow
