// Data that do not look like what a model takes.
#pragma once

#include <string>
#include <vector>

#include "graph/model.h"
#include "narrow/data.h"

namespace narrow {

/// A line for each input of graph `entry` that many values in the samples, of which some are looked at, are too large
/// for: for its integers, or for the normalization that the file's metadata give. Pixels from 0 to 255 for
/// a model that takes 0 to 1 are such. None for samples that a program makes, which are not asked for twice, and for
/// stored integers. Errors: those of reading the data.
Result<std::vector<std::string>> data_warnings(const Model& model, int entry, const DataSource& source);

}  // namespace narrow
