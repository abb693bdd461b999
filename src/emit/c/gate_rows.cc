#include "emit/c/gate_rows.h"

#include <algorithm>

namespace narrow {

size_t up_to_multiple(size_t count, size_t of) {
  return (count + of - 1) / of * of;
}

bool is_there(const KernelCall& call, size_t argument) {
  return call.arguments[argument].source != CallArgument::Source::absent;
}

bool sums_fit(const GateRows& rows) {
  constexpr int64_t kMost = 1 << 30;
  for (size_t c = 0; c < rows.filters.size(); ++c) {
    int64_t most = std::abs(int64_t{rows.bias[c]});
    for (int8_t w : rows.filters[c]) most += int64_t{-INT8_MIN} * std::abs(int{w});
    if (most << std::max(rows.shift, 0) >= kMost) return false;
  }
  return true;
}

std::string declines_gate(const GateRows& rows) {
  constexpr int kMostLeft = 7;
  if (rows.shift > kMostLeft || rows.shift < -kMostShift) return "its sums' factors are not from 2^-23 to 2^7";
  if (!sums_fit(rows)) return "its sums may need more than 30 bits";
  return {};
}

Stored pad_rows(std::vector<GateRows>& all, bool wide) {
  Stored how = wide ? Stored::wide : Stored::folded;
  for (GateRows& r : all) {
    r.filters = in_eights(std::move(r.filters));
    if (stored(r.filters, r.bias, 0, wide) == Stored::wide) how = Stored::wide;
  }
  return how;
}

void add_gate_words(GateRows rows, Stored how, std::vector<int32_t> factors, std::vector<int32_t>& out) {
  size_t const padded = up_to_multiple(rows.filters.size(), kGateRowsAtOnce);
  rows.filters.resize(padded, std::vector<int8_t>(rows.filters[0].size()));
  rows.bias.resize(padded);
  if (!factors.empty()) factors.resize(padded);
  for (size_t first = 0; first < padded; first += kGateRowsAtOnce) {
    for (size_t c = first; c < first + kGateRowsAtOnce; ++c)
      out.push_back(begin_of(rows.bias[c], rows.filters[c], how));
    add_woven(rows.filters, first, first + kGateRowsAtOnce, how, out);
    if (factors.empty()) continue;
    auto const from = factors.begin() + static_cast<std::ptrdiff_t>(first);
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(kGateRowsAtOnce));
  }
}

}  // namespace narrow
