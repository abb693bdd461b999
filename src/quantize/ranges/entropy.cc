// Least information lost, after Migacz, "8-bit inference with TensorRT" (GTC 2017): the Kullback-Leibler divergence
// of the values' distribution P, clipped values piled up on its outermost bins, from the distribution Q that is left
// when only the integer of each value inside the range is known: even over the occupied bins of a cell of values that
// round to the same integer. Bins are many to a cell (eight at full range and 8 bits; with one, the search would have
// nothing to choose from), exact zeros do not count, because every format represents them, and what bins of few values
// differ by chance is taken off (half a nat for each bin but one in a cell, less where bins hold hardly more than one
// value).
#include <algorithm>
#include <cmath>
#include <utility>

#include "quantize/ranges/methods.h"
#include "quantize/ranges/shrink.h"

namespace narrow {
namespace {

constexpr size_t kBins = 2048;

/// Counts over even bins.
struct EvenBins {
  double lo = 0;
  double width = 0;
  std::vector<double> counts = std::vector<double>(kBins);
  double below = 0;  // values outside
  double above = 0;
  double total = 0;  // with those outside

  double middle(size_t i) const { return lo + (static_cast<double>(i) + 0.5) * width; }

  /// Spreads the bins of a histogram over `range`, but for zero.
  EvenBins(const std::vector<Bin>& bins, const Range& range)
      : lo(static_cast<double>(range.lo)), width((static_cast<double>(range.hi) - lo) / static_cast<double>(kBins)) {
    for (const Bin& b : bins) {
      if (b.lo == 0 && b.hi == 0) continue;
      total += b.count;
      double const share = b.hi > b.lo ? b.count / (b.hi - b.lo) : 0;
      double const end = lo + width * static_cast<double>(kBins);
      if (share == 0 || b.lo >= end || b.hi <= lo) {
        (b.lo >= end && b.hi > end ? above : b.hi <= lo && b.lo < lo ? below : counts[at(b.lo)]) += b.count;
        continue;
      }
      below += share * std::max(lo - b.lo, 0.0);
      above += share * std::max(b.hi - end, 0.0);
      for (size_t i = at(b.lo), last = at(b.hi); i <= last; ++i) {
        double const from = std::max(b.lo, middle(i) - width / 2);
        double const to = std::min(b.hi, middle(i) + width / 2);
        counts[i] += share * std::max(to - from, 0.0);
      }
    }
  }

 private:
  size_t at(double x) const { return std::min(static_cast<size_t>(std::max((x - lo) / width, 0.0)), kBins - 1); }
};

/// In nats; infinite where the bins are too coarse to tell.
double divergence(const EvenBins& p, const Levels& levels) {
  if (levels.step < p.width) return std::numeric_limits<double>::infinity();
  size_t first = 0;
  size_t last = kBins - 1;
  double below = p.below;
  double above = p.above;
  while (first < kBins && (p.middle(first) < levels.lo - levels.step / 2 || p.counts[first] == 0))
    below += p.counts[first++];
  while (last > first && (p.middle(last) > levels.hi + levels.step / 2 || p.counts[last] == 0))
    above += p.counts[last--];
  if (first >= last) return std::numeric_limits<double>::infinity();

  double sum = 0;
  auto const cell_of = [&](size_t i) { return std::floor(p.middle(i) / levels.step + 0.5); };
  for (size_t begin = first; begin <= last;) {
    double const cell = cell_of(begin);
    double mass = 0;
    double occupied = 0;
    size_t end = begin;
    for (; end <= last && cell_of(end) == cell; ++end) {
      mass += p.counts[end];
      occupied += p.counts[end] > 0 ? 1 : 0;
    }
    for (; begin < end; ++begin) {
      double const piled = p.counts[begin] + (begin == first ? below : 0) + (begin == last ? above : 0);
      if (piled > 0) sum += piled * std::log(piled * occupied / mass);
    }
    if (mass > occupied) sum -= (occupied - 1) / 2 * (1 - occupied / mass);
  }
  return sum / p.total + std::log((p.total - below - above) / p.total);
}

}  // namespace

Range entropy_range(const TensorStatistics& s, const IntegerFormat& format, double) {
  constexpr int kMaxZooms = 16;
  Range range = minmax_range(s, format, 0);
  auto const bins = sorted_bins(s.histogram, s.min, s.max);
  // Where the best range is much smaller, its bins were too coarse to see it well: look again, closer.
  for (int zoom = 0; zoom < kMaxZooms && range.lo < range.hi; ++zoom) {
    EvenBins const even(bins, range);
    Range const best = shrink(range, format, [&](const Levels& levels) { return divergence(even, levels); });
    bool const close = best.hi - best.lo > (range.hi - range.lo) / 2;
    range = best;
    if (close) break;
  }
  return range;
}

}  // namespace narrow
