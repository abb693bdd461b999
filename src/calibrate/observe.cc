#include "calibrate/observe.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace narrow {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

float lowest(const Extent& e) {
  return e.lo > e.hi ? kInf : value_of_key(e.lo);
}
float highest(const Extent& e) {
  return e.lo > e.hi ? -kInf : value_of_key(e.hi);
}

/// Ranges for all samples of a set; empty ones where a body did not run.
std::vector<SampleRange> with_absent(const std::vector<SampleRange>& ranges, const SampleSet& seen) {
  std::vector<SampleRange> out;
  auto next = ranges.begin();
  for (int64_t number : seen.list())
    out.push_back(next != ranges.end() && next->sample == number ? *next++ : SampleRange{number, kInf, -kInf});
  return out;
}

}  // namespace

void TensorObserver::widen(const Extent& extent) {
  result_.min = std::min(result_.min, lowest(extent));
  result_.max = std::max(result_.max, highest(extent));
  result_.zeros += extent.zeros;
}

void TensorObserver::remember(int64_t number, const Extent& extent) {
  if (!kind_.per_sample) return;
  auto& samples = result_.samples;
  if (samples.empty() || samples.back().sample != number) samples.push_back({number, kInf, -kInf});
  samples.back().min = std::min(samples.back().min, lowest(extent));
  samples.back().max = std::max(samples.back().max, highest(extent));
}

std::optional<NonFinite> TensorObserver::add(const float* values, size_t each, std::span<const int64_t> numbers,
                                             Tally& tally) {
  size_t const n = each * numbers.size();
  Extent const extent = extent_of(values, n);
  if (n == 0 || extent.finite()) {
    add_finite(values, each, numbers, extent, tally);
    return std::nullopt;
  }
  if (!kind_.skip_nonfinite) {
    auto const at = std::find_if(values, values + n, [](float v) { return !std::isfinite(v); }) - values;
    return NonFinite{static_cast<size_t>(at) / each, values[at]};
  }
  for (size_t i = 0; i < numbers.size(); ++i) add_any(values + i * each, each, numbers[i]);
  return std::nullopt;
}

void TensorObserver::add_finite(const float* values, size_t each, std::span<const int64_t> numbers,
                                const Extent& extent, Tally& tally) {
  widen(extent);
  result_.count += each * numbers.size();
  if (kind_.per_sample)
    for (size_t i = 0; i < numbers.size(); ++i) remember(numbers[i], extent_of(values + i * each, each));
  if (!kind_.histograms) return;
  tally.count(values, each * numbers.size(), extent, result_.histogram);
  for (size_t i = 0; i < numbers.size(); ++i) result_.sum.add(sum_of(values + i * each, each));
}

void TensorObserver::add_any(const float* values, size_t each, int64_t number) {
  std::vector<float> finite(values, values + each);  // others become zero, which leaves the sum as it is
  Extent extent;
  for (float& v : finite) {
    result_.nan += std::isnan(v) ? 1 : 0;
    result_.plus_infinity += v == kInf ? 1 : 0;
    result_.minus_infinity += v == -kInf ? 1 : 0;
    if (!std::isfinite(v)) {
      v = 0;
      continue;
    }
    extent.merge({key_of(v), key_of(v), v == 0 ? 1U : 0U});
    ++result_.count;
    if (kind_.histograms) result_.histogram.add(Histogram::bin_of(v), 1);
  }
  widen(extent);
  remember(number, extent);
  if (kind_.histograms) result_.sum.add(sum_of(finite.data(), finite.size()));
}

TensorStatistics TensorObserver::take(const SampleSet& seen) {
  TensorStatistics fresh;
  fresh.tensor = result_.tensor;
  fresh.name = result_.name;
  TensorStatistics done = std::exchange(result_, std::move(fresh));
  std::sort(done.samples.begin(), done.samples.end(),
            [](const SampleRange& a, const SampleRange& b) { return a.sample < b.sample; });
  if (kind_.per_sample && static_cast<int64_t>(done.samples.size()) != seen.count())
    done.samples = with_absent(done.samples, seen);
  return done;
}

}  // namespace narrow
