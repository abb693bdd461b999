// Histogram: integer counts of float32 values over bins that do not depend on the values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace narrow {

/// Bin b holds the floats whose upper 16 bits are b: sign, exponent and 7 bits of mantissa. A bin is at most 2^-7 of
/// its values wide, so quantiles are known to 1 %; adding counts bin by bin merges two histograms without loss.
class Histogram {
 public:
  struct Entry {
    uint16_t bin = 0;
    uint64_t count = 0;
    bool operator==(const Entry&) const = default;
  };
  /// Of bins in rising order of their numbers, each with a count. It takes 16 bytes for each of them until more is
  /// added, where counters take 2 KiB for 256 neighbours.
  static Histogram of(std::vector<Entry> bins);

  void add(uint16_t bin, uint64_t count) { page(bin)[bin & 0xFF] += count; }
  void merge(const Histogram& other);
  void clear() { *this = Histogram(); }

  uint64_t count(uint16_t bin) const;
  bool empty() const { return pages_.empty() && listed_.empty(); }

  /// Bins that are not empty, by number (so negative values come last, rising in magnitude).
  std::vector<Entry> entries() const;

  bool operator==(const Histogram& other) const { return entries() == other.entries(); }

  static uint16_t bin_of(float v) { return static_cast<uint16_t>(std::bit_cast<uint32_t>(v) >> 16); }

  /// The counters of the 256 bins whose upper byte is that of `bin`; made where missing, valid until the next is made.
  using Page = std::array<uint64_t, 256>;
  Page& page(uint16_t bin);

 private:
  void make_counters();

  std::vector<Entry> listed_;          // all that there is, where there are no pages
  std::array<uint16_t, 256> slots_{};  // 1 + index into pages_ by the upper byte of the bin; 0 where there is none
  std::vector<Page> pages_;
};

/// The values of a bin as an interval: lo <= x <= hi, widths uniform in between. lo == hi for zero.
struct Bin {
  double lo = 0;
  double hi = 0;
  double count = 0;
};

/// The bins in rising order of their values, cut to [min, max], which the outermost bins contain.
std::vector<Bin> sorted_bins(const Histogram& histogram, float min, float max);

}  // namespace narrow
