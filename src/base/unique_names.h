// UniqueNames: names for files, members of archives and identifiers, no two of them the same.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace narrow {

/// Gives every caller a name that nobody has.
class UniqueNames {
 public:
  /// `base`, or base_2, base_3 and so on where it is taken.
  std::string take(const std::string& base);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> next_;  // by base: the first number that may be free
};

}  // namespace narrow
