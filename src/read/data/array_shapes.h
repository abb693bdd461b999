// The shapes of the arrays in a data set, before it is known what a model makes of them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace narrow {

struct ArrayShape {
  std::string name;  // empty for an array that stands alone in its file
  std::vector<int64_t> dims;
};

/// Of the first file at `path`, a .npy or .npz file or a folder of them; none for other files, whose samples have no
/// shape of their own. Errors: io, bad_file.
Result<std::vector<ArrayShape>> array_shapes(const std::string& path);

}  // namespace narrow
