// Rows of weights of 8 bits as kernels/dsp/ reads them: several of them woven, in lanes or folded.
#pragma once

#include "emit/c/packed_layer.h"

namespace narrow {

/// How weights of 8 bits are stored: two in a lane of 16 bits, or each doubled in one of its own.
enum class Stored : uint8_t { folded, wide };
inline constexpr int kDouble = 2;
inline constexpr size_t kBytesOfWord = 4;

int32_t word_of_lanes(int low, int high);

/// Whether sums of a channel keep to 24 bits, whatever the input is, and lanes of two weights to 16.
bool may_be_folded(const std::vector<int8_t>& filter, int32_t bias, int input_zero_point);

/// How filters of whole eights are stored, as they lie.
Stored stored(const Filters& filters, std::span<const int32_t> bias, int input_zero_point, bool wide);

/// Where a channel's sums begin; modulo 2^32, as sums wrap, and what they end with fits.
int32_t begin_of(int32_t begin, const std::vector<int8_t>& filter, Stored how);

/// The words of dsp_channel.h.
std::vector<int32_t> words_of(const Channels& channels, const Filters& filters, Stored how);

/// Filters with zeros up to a multiple of eight elements.
Filters in_eights(Filters filters);

/// Appends to `out` the words of filters in [first, last), all of as many whole fours, woven word by word.
void add_woven(const Filters& filters, size_t first, size_t last, Stored how, std::vector<int32_t>& out);

/// The words of dsp_conv2d.h and dsp_fully_connected.h: each `at_once` filters woven, the last ones with zeros.
std::vector<int32_t> interleaved(Filters filters, size_t at_once, Stored how);

}  // namespace narrow
