// Digest: a 64-bit fingerprint of a sequence of values. Tells things apart; no protection against an adversary.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace narrow {

class Digest {
 public:
  void add(uint64_t value) {
    state_ = (std::rotl(state_, 29) ^ value) * 0x9E3779B97F4A7C15u;
    state_ ^= state_ >> 32;
  }
  void add(std::span<const std::byte> bytes) {
    add(bytes.size());
    size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) add(word(bytes.subspan(i, 8)));
    if (i < bytes.size()) add(word(bytes.subspan(i)));
  }
  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
  uint64_t value() const { return state_; }

 private:
  static uint64_t word(std::span<const std::byte> bytes) {
    uint64_t w = 0;
    std::memcpy(&w, bytes.data(), bytes.size());
    return w;
  }
  uint64_t state_ = 0x243F6A8885A308D3u;
};

}  // namespace narrow
