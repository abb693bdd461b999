// The .tflite files of the shared data, where they are at hand: in $NARROW_SHARED, or in shared/ beside the checkout.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace narrow {

inline std::string shared_folder() {
  if (const char* given = std::getenv("NARROW_SHARED")) return given;
  return (std::filesystem::path(NARROW_SOURCE_FOLDER).parent_path() / "shared").string();
}

/// Paths under data/ in alphabetical order; empty where the data are absent.
inline std::vector<std::string> shared_models() {
  std::vector<std::string> out;
  std::error_code ignored;
  for (auto it = std::filesystem::recursive_directory_iterator(shared_folder() + "/data", ignored);
       it != std::filesystem::recursive_directory_iterator(); it.increment(ignored))
    if (it->path().extension() == ".tflite") out.push_back(it->path().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace narrow
