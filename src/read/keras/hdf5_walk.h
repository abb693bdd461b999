// The walk through an HDF5 file that happens in a child process, and the form in which it tells what it finds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/limits.h"

namespace narrow::keras {

/// What the child writes, one after another; numbers are of this machine's byte order, a text is its length (uint32)
/// and its bytes.
enum class Frame : uint8_t {
  texts = 1,    // path, name of the attribute, number of texts (uint32), the texts
  array = 2,    // path, rank (uint32), dimensions (int64 each), values (float32 each)
  refusal = 3,  // kind of error (uint8), what, path; the last frame
  end = 4,      // everything has been written; the last frame
};

inline constexpr uint32_t kMostTexts = 1 << 20;        // in one attribute
inline constexpr uint32_t kMostTextBytes = 64u << 20;  // in one attribute, and in one text of a frame
inline constexpr uint32_t kMostDeflation = 1032;       // the most times that deflate can expand its input

/// The most bytes that what a file of that size holds may unfold to.
inline size_t most_unfolded(size_t file_size) {
  return 8 * file_size + (size_t{32} << 20);
}

/// Writes the contents of `file` to the descriptor `out`. False where libhdf5 finds the file damaged: then there is
/// neither a refusal nor an end.
bool write_hdf5_contents(std::span<const std::byte> file, const Limits& limits, int out);

}  // namespace narrow::keras
