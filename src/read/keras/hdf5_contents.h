// What an HDF5 file holds, as far as Keras models need it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "read/keras/keras_model.h"

namespace narrow::keras {

/// The arrays of an HDF5 file by their full path ("layers/dense/vars/0", without a leading slash), as float32, and the
/// text attributes by the path of their object ("" is the root) and their name. An attribute that is one string is a
/// list of one. An array's name is the last part of its path.
struct Hdf5Contents {
  std::map<std::string, KerasArray> arrays;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> texts;
};

/// Reads an HDF5 file with libhdf5, which damaged files can crash: it runs in a child process whose memory and time are
/// bounded, and what the child sends is checked. The bytes are let go once the child has them. Of the attributes those
/// of Keras are read: `model_config`, `keras_version` and `weight_names`. The state of optimizers and metrics is left
/// out. Errors: bad_file for damaged files; unsupported, by the path of the object, for links out of the file, storage
/// outside of it, filters other than deflate, shuffle and fletcher32, and arrays that are not of numbers;
/// limit_exceeded.
Result<Hdf5Contents> read_hdf5(SharedBytes file, const Limits& limits);

}  // namespace narrow::keras
