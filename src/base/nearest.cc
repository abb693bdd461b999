#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace narrow {

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t const replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::optional<std::string> nearest(const std::string& given, std::span<const std::string> known) {
  std::optional<std::string> best;
  size_t least = std::max<size_t>(2, given.size() / 3) + 1;
  for (const std::string& name : known) {
    // A beginning of a name is always near it.
    size_t const distance = name.starts_with(given) && given.size() > 2 ? 1 : edit_distance(given, name);
    if (distance < least) least = distance, best = name;
  }
  return best;
}

}  // namespace narrow
