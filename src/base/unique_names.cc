#include "base/unique_names.h"

namespace narrow {

std::string UniqueNames::take(const std::string& base) {
  if (taken_.insert(base).second) return base;
  int& number = next_.try_emplace(base, 2).first->second;
  std::string name;
  do {
    name = base + "_" + std::to_string(number++);
  } while (!taken_.insert(name).second);
  return name;
}

}  // namespace narrow
