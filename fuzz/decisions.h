// Decisions: what a structured fuzz target does, read off its input, so that whatever drives the target steers it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace narrow {

/// Numbers out of the input's bytes; once these are used up, out of what they all came to.
class Decisions {
 public:
  explicit Decisions(std::span<const uint8_t> bytes) : bytes_(bytes) {
    for (uint8_t b : bytes) state_ = (state_ ^ b) * 0x100000001B3;
  }
  explicit Decisions(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15 + 1) {}

  /// In [0, n), n > 0.
  size_t below(size_t n) { return static_cast<size_t>(next() % n); }
  /// True once in n times.
  bool once_in(size_t n) { return below(n) == 0; }

  template <class List>
  auto& of(List&& list) {
    return list[below(std::size(list))];
  }

 private:
  uint64_t next() {
    if (used_ + 2 <= bytes_.size()) {
      uint16_t word = 0;
      std::memcpy(&word, bytes_.data() + used_, 2);
      used_ += 2;
      return word;
    }
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ >> 11;
  }

  std::span<const uint8_t> bytes_;
  size_t used_ = 0;
  uint64_t state_ = 0xCBF29CE484222325;
};

}  // namespace narrow
