// Labels of samples: the right answer for each, as the index of a class.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace narrow {

/// Reads the labels in a file, told by its content as samples are:
/// - a .npy of integers, one for each sample (dimensions of one aside);
/// - a .npy [samples, classes] of zeros and, in each row, a single one at the label, of any type of number (one-hot);
/// - a .csv of one column of integers, a first row that is no number being a heading.
/// Errors: io, bad_file (malformed), bad_data (anything else, with the row or line).
Result<std::vector<int64_t>> read_labels(const std::string& path);

}  // namespace narrow
