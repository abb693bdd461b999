// Rows of weights of recurrent layers as kernels/dsp/ reads them: four at a time, with where their sums begin.
#pragma once

#include <cstring>

#include "emit/c/dsp_rows.h"

namespace narrow {

using CallConstants = std::span<const std::span<const std::byte>>;  // of each argument its bytes

/// Rows that one factor or several make results of, and the left shift by which their sums are scaled first.
struct GateRows {
  Filters filters;
  std::vector<int32_t> bias;
  int shift = 0;
};

inline constexpr size_t kGateRowsAtOnce = 4;

size_t up_to_multiple(size_t count, size_t of);

template <class Element>
std::vector<Element> elements_of_bytes(std::span<const std::byte> bytes) {
  std::vector<Element> out(bytes.size() / sizeof(Element));
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

/// Whether an argument of a call is there.
bool is_there(const KernelCall& call, size_t argument);

/// Why dsp_gate.h does not take rows; empty where it does.
std::string declines_gate(const GateRows& rows);

/// Whether what sums may reach, shifted to the left as their factors want it, is below 2^30.
bool sums_fit(const GateRows& rows);

/// Pads rows with zeros up to eight elements; how they all may be stored.
Stored pad_rows(std::vector<GateRows>& all, bool wide);

/// Appends the words of nw_sums_of_row: of each four rows, the last ones padded with zeros, where sums begin, and
/// weights; and behind them those of four factors of `factors`, which may be empty.
void add_gate_words(GateRows rows, Stored how, std::vector<int32_t> factors, std::vector<int32_t>& out);

}  // namespace narrow
