#include "base/printable.h"

#include <algorithm>

namespace narrow {

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string readable(const std::string& name) {
  constexpr size_t kMost = 120, kEnds = 55;
  std::string out = name.size() <= kMost ? name : name.substr(0, kEnds) + "..." + name.substr(name.size() - kEnds);
  return printable(std::move(out));
}

}  // namespace narrow
