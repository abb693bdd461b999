#include "base/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace narrow {

namespace {

/// The bytes of the character at `at`: 0 where there is none that UTF-8 allows.
size_t character_bytes(const std::string& text, size_t at, uint32_t& code) {
  auto const byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char const lead = byte(at);
  size_t const bytes = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (bytes == 0 || at + bytes > text.size()) return 0;
  code = bytes == 1 ? lead : lead & (0x7FU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(at + i) & 0x3FU);
  }
  constexpr std::array<uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  return code < kLeast[bytes] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : bytes;
}

/// Controls of the terminal, and marks that turn the direction of what follows.
bool controls(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    uint32_t code = 0;
    size_t const bytes = character_bytes(text, at, code);
    if (bytes == 0 || controls(code))
      out += '?';
    else
      out.append(text, at, bytes);
    at += std::max<size_t>(bytes, 1);
  }
  return out;
}

std::string readable(const std::string& name) {
  constexpr size_t kMost = 120, kEnds = 55;
  std::string out = name.size() <= kMost ? name : name.substr(0, kEnds) + "..." + name.substr(name.size() - kEnds);
  return printable(std::move(out));
}

}  // namespace narrow
