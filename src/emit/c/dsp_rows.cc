#include "emit/c/dsp_rows.h"

#include <algorithm>

#include "emit/c/folded_weights.h"

namespace narrow {
namespace {

constexpr size_t kElementsAtOnce = 8;  // of a filter

}  // namespace

int32_t word_of_lanes(int low, int high) {
  return static_cast<int32_t>((static_cast<uint32_t>(low) & 0xFFFF) | static_cast<uint32_t>(high) << 16);
}

bool may_be_folded(const std::vector<int8_t>& filter, int32_t bias, int input_zero_point) {
  constexpr int64_t kMost = 1 << 23;
  int const least = INT8_MIN - input_zero_point, most = INT8_MAX - input_zero_point;
  int64_t low = bias, high = bias;
  for (int8_t w : filter) {
    low += std::min(w * least, w * most);
    high += std::max(w * least, w * most);
  }
  return low > -kMost && high < kMost && folds(filter);
}

Stored stored(const Filters& filters, std::span<const int32_t> bias, int input_zero_point, bool wide) {
  if (wide) return Stored::wide;
  for (size_t c = 0; c < filters.size(); ++c)
    if (!may_be_folded(filters[c], bias.empty() ? 0 : bias[c], input_zero_point)) return Stored::wide;
  return Stored::folded;
}

int32_t begin_of(int32_t begin, const std::vector<int8_t>& filter, Stored how) {
  int64_t const out =
      how == Stored::folded ? int64_t{1 << kFoldedBits} * begin - added_to_folded(filter) : int64_t{kDouble} * begin;
  return static_cast<int32_t>(static_cast<uint32_t>(out & UINT32_MAX));
}

std::vector<int32_t> words_of(const Channels& channels, const Filters& filters, Stored how) {
  std::vector<int32_t> out;
  for (size_t i = 0; i < channels.numbers.size(); ++i) {
    const ChannelNumbers& c = channels.numbers[i];
    out.insert(out.end(), {begin_of(c.begin, i < filters.size() ? filters[i] : std::vector<int8_t>(), how),
                           c.multiplier, c.addend, c.shift});
  }
  return out;
}

Filters in_eights(Filters filters) {
  for (auto& f : filters) f.resize((f.size() + kElementsAtOnce - 1) / kElementsAtOnce * kElementsAtOnce);
  return filters;
}

void add_woven(const Filters& filters, size_t first, size_t last, Stored how, std::vector<int32_t>& out) {
  for (size_t e = 0; e < filters[first].size(); e += kBytesOfWord)
    for (size_t lane = 0; lane < (how == Stored::wide ? 2 : 1); ++lane)
      for (size_t c = first; c < last; ++c) {
        const int8_t* const four = filters[c].data() + e;
        out.push_back(how == Stored::wide ? word_of_lanes(kDouble * four[lane], kDouble * four[lane + 2])
                                          : folded_word(four));
      }
}

std::vector<int32_t> interleaved(Filters filters, size_t at_once, Stored how) {
  filters.resize((filters.size() + at_once - 1) / at_once * at_once, std::vector<int8_t>(filters[0].size()));
  std::vector<int32_t> out;
  for (size_t first = 0; first < filters.size(); first += at_once) add_woven(filters, first, first + at_once, how, out);
  return out;
}

}  // namespace narrow
