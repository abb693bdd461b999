#include "cli/sparkline.h"

#include <algorithm>
#include <cmath>

namespace narrow {

std::string sparkline(std::span<const int64_t> counts) {
  static constexpr const char* kBars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (counts.empty()) return {};
  auto const most = static_cast<double>(std::max<int64_t>(*std::ranges::max_element(counts), 1));
  std::string out;
  for (int64_t n : counts) out += kBars[static_cast<size_t>(std::ceil(static_cast<double>(n) * 8 / most))];
  return out;
}

}  // namespace narrow
