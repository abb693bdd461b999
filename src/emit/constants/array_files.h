// Constants as .npy or .csv, one file each, and index.json, which says what they are.
#pragma once

#include <vector>

#include "base/new_folder.h"
#include "emit/constants/constants.h"

namespace narrow {

enum class ArrayFormat { npy, csv };

/// Writes what can be written of `constants` and the index of all of them into `folder`. A .csv has a line for each row
/// of the last dimension, or for each value of fewer than two dimensions, and no heading.
Status write_arrays(const Model& model, const std::vector<Constant>& constants, ArrayFormat format, NewFolder& folder);

}  // namespace narrow
