// The contents of HDF5 files, read by libhdf5 in a process of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/shape.h"

namespace narrow::keras {

/// A dataset of numbers, converted to float32.
struct Hdf5Array {
  Shape shape;
  std::vector<float> values;
};

/// What of a file matters to models. Paths lead from the root without a leading slash: "model_weights/dense".
struct Hdf5Contents {
  std::map<std::string, std::vector<std::string>> texts;  // attributes of strings: "PATH@NAME"
  std::map<std::string, Hdf5Array> arrays;                // datasets: "PATH"
};

/// All datasets and textual attributes but those of optimizers. libhdf5 was not written for hostile bytes, so a forked
/// process with bounded memory and processor time runs it, and what that process hands over is checked like a file.
/// Errors: bad_file for bytes that are no such file or are damaged, and for links out of the file, data in other files,
/// filters other than gzip and shuffle, and elements that are no numbers; limit_exceeded; io where no process can be
/// made.
Result<Hdf5Contents> read_hdf5(const SharedBytes& file, const Limits& limits);

}  // namespace narrow::keras
