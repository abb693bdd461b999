#include "calibrate/statistics.h"

#include <algorithm>
#include <iterator>

#include "base/printable.h"

namespace narrow {

void TensorStatistics::merge(const TensorStatistics& other) {
  count += other.count;
  zeros += other.zeros;
  nan += other.nan;
  plus_infinity += other.plus_infinity;
  minus_infinity += other.minus_infinity;
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  sum.add(other.sum);
  histogram.merge(other.histogram);
  std::vector<SampleRange> both;
  both.reserve(samples.size() + other.samples.size());
  std::merge(samples.begin(), samples.end(), other.samples.begin(), other.samples.end(), std::back_inserter(both),
             [](const SampleRange& a, const SampleRange& b) { return a.sample < b.sample; });
  samples = std::move(both);
}

const TensorStatistics* Statistics::find(TensorRef tensor) const {
  auto const at = std::lower_bound(tensors.begin(), tensors.end(), tensor,
                                   [](const TensorStatistics& t, TensorRef ref) { return t.tensor < ref; });
  return at != tensors.end() && at->tensor == tensor ? &*at : nullptr;
}

const TensorStatistics* Statistics::find(const std::string& name) const {
  auto const at = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
  return at != tensors.end() ? &*at : nullptr;
}

Status check_same_kind(const StatisticsKind& a, const StatisticsKind& b) {
  const char* what = nullptr;
  if (a.model != b.model)
    what = "the statistics are of different models";
  else if (a.data != b.data)
    what = "the statistics are of different data sets";
  else if (a != b)
    what = "the statistics were taken with different options";
  if (!what) return {};
  return fail(ErrorKind::bad_data, what, {}, "calibrate all parts with the same model, data and options");
}

/// Whether the sums of counts are within 64 bits; a bin's count is at most its tensor's.
bool counts_fit(const TensorStatistics& a, const TensorStatistics& b) {
  using Count = uint64_t TensorStatistics::*;
  for (Count const count : {&TensorStatistics::count, &TensorStatistics::zeros, &TensorStatistics::nan,
                            &TensorStatistics::plus_infinity, &TensorStatistics::minus_infinity})
    if (a.*count > std::numeric_limits<uint64_t>::max() - b.*count) return false;
  return true;
}

Result<Statistics> merge(Statistics a, const Statistics& b) {
  NARROW_CHECK(check_same_kind(a.kind, b.kind));
  if (int64_t const both = a.samples.first_common(b.samples); both >= 0)
    return fail(ErrorKind::bad_data, "sample " + std::to_string(both) + " is in both statistics", {},
                "give each part once, of shards that do not overlap");
  if (a.tensors.size() != b.tensors.size()) return fail(ErrorKind::bad_data, "the statistics list different tensors");
  for (size_t i = 0; i < a.tensors.size(); ++i) {
    if (a.tensors[i].tensor != b.tensors[i].tensor || a.tensors[i].name != b.tensors[i].name)
      return fail(ErrorKind::bad_data, "the statistics list different tensors");
    if (!counts_fit(a.tensors[i], b.tensors[i]))
      return fail(ErrorKind::bad_data,
                  "the counts of tensor '" + readable(a.tensors[i].name) + "' are too large to add", {},
                  "run the calibration again");
    a.tensors[i].merge(b.tensors[i]);
  }
  a.samples.merge(b.samples);
  return a;
}

}  // namespace narrow
