// Data sets: .npy, .npz and .csv files, or a folder of them, streamed sample by sample.
//
//   NARROW_TRY(auto data, open_dataset("x.npy", input_specs(model)));
//   data->read(0, 8, 0, runner.input(0));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/samples.h"
#include "read/data/convert.h"

namespace narrow {

/// Opens `path` for a model with these inputs.
/// - An array's first axis counts samples; the other dimensions must be the input's, where dimensions of one may be
///   added or left out. An array that is just one sample, without the first axis, is taken too.
/// - An .npz holds one array per input, found by tensor name or signature name; a single array serves a single input.
/// - A .csv row is a sample.
/// - A folder's .npy, .npz and .csv files are taken in the order of their names, each with one or more samples.
/// Values are converted as Converter says. Nothing is kept in memory but headers (and 4 MiB per deflated array).
/// Errors: io, bad_file (malformed), bad_data (wrong shape, type or count, no samples, NaN), unsupported.
Result<std::shared_ptr<const Samples>> open_dataset(const std::string& path, std::vector<InputSpec> inputs,
                                                    const DataOptions& options = {});

/// The files that `path` stands for: itself, or those of a folder in the order of their names.
Result<std::vector<std::string>> files_of(const std::string& path);

}  // namespace narrow
