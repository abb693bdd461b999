#include "calibrate/histogram.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace narrow {

Histogram Histogram::of(std::vector<Entry> bins) {
  Histogram out;
  out.listed_ = std::move(bins);
  return out;
}

void Histogram::make_counters() {
  std::vector<Entry> const bins = std::exchange(listed_, {});
  for (const Entry& e : bins) add(e.bin, e.count);
}

Histogram::Page& Histogram::page(uint16_t bin) {
  if (!listed_.empty()) make_counters();
  uint16_t& slot = slots_[bin >> 8];
  if (slot == 0) {
    pages_.emplace_back();
    slot = static_cast<uint16_t>(pages_.size());
  }
  return pages_[slot - 1U];
}

uint64_t Histogram::count(uint16_t bin) const {
  if (pages_.empty()) {
    auto const at = std::lower_bound(listed_.begin(), listed_.end(), bin,
                                     [](const Entry& e, uint16_t number) { return e.bin < number; });
    return at != listed_.end() && at->bin == bin ? at->count : 0;
  }
  uint16_t const slot = slots_[bin >> 8];
  return slot == 0 ? 0 : pages_[slot - 1U][bin & 0xFF];
}

void Histogram::merge(const Histogram& other) {
  std::vector<Entry> const added = other.entries();
  if (!pages_.empty()) {
    for (const Entry& e : added) add(e.bin, e.count);
    return;
  }
  std::vector<Entry> both;
  both.reserve(listed_.size() + added.size());
  std::merge(listed_.begin(), listed_.end(), added.begin(), added.end(), std::back_inserter(both),
             [](const Entry& a, const Entry& b) { return a.bin < b.bin; });
  listed_.clear();
  for (const Entry& e : both) {
    if (!listed_.empty() && listed_.back().bin == e.bin)
      listed_.back().count += e.count;
    else
      listed_.push_back(e);
  }
}

std::vector<Histogram::Entry> Histogram::entries() const {
  if (pages_.empty()) return listed_;
  std::vector<Entry> out;
  for (size_t high = 0; high < slots_.size(); ++high) {
    if (slots_[high] == 0) continue;
    const Page& counts = pages_[slots_[high] - 1U];
    for (size_t low = 0; low < counts.size(); ++low)
      if (counts[low] != 0) out.push_back({static_cast<uint16_t>(high << 8 | low), counts[low]});
  }
  return out;
}

std::vector<Bin> sorted_bins(const Histogram& histogram, float min, float max) {
  std::vector<Bin> bins;
  double const lowest = static_cast<double>(min);
  double const highest = static_cast<double>(max);
  for (const Histogram::Entry& e : histogram.entries()) {
    uint32_t const magnitude = static_cast<uint32_t>(e.bin & 0x7FFF) << 16;
    double inner = static_cast<double>(std::bit_cast<float>(magnitude));
    double outer = static_cast<double>(std::bit_cast<float>(magnitude | 0xFFFF));
    if (magnitude == 0) outer = 0;  // zero and subnormal values
    bool const negative = (e.bin & 0x8000) != 0;
    Bin bin{negative ? -outer : inner, negative ? -inner : outer, static_cast<double>(e.count)};
    bin.lo = std::clamp(bin.lo, lowest, highest);
    bin.hi = std::clamp(bin.hi, lowest, highest);
    bins.push_back(bin);
  }
  std::sort(bins.begin(), bins.end(), [](const Bin& a, const Bin& b) { return a.lo < b.lo; });
  return bins;
}

}  // namespace narrow
