// The files that a run writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/new_folder.h"
#include "emit/npy/npy_file.h"
#include "program/runner.h"

namespace narrow {

/// One tensor of all samples, on its way into a .npy.
class Sink {
 public:
  /// With `real`, integers that have a scale are written as the real values they stand for.
  static Result<Sink> create(Result<NewFile> place, const Tensor& tensor, int64_t samples, bool real);
  Status write(const std::byte* values, int64_t first, int count) const;

  NpyFile file;

 private:
  Sink(NpyFile f, const Tensor& tensor, bool real) : file(std::move(f)), tensor_(&tensor), real_(real) {}

  const Tensor* tensor_;
  bool real_;
};

/// A graph's outputs: the first in a .npy, or all of them in an .npz.
class OutputFiles {
 public:
  static Result<OutputFiles> create(const std::string& path, const Graph& graph, int64_t samples, bool real);
  Status write(const Runner& runner, int64_t first, int count) const;
  Status finish();

 private:
  explicit OutputFiles(std::string path) : path_(std::move(path)), packed_(path_.ends_with(".npz")) {}

  std::string path_;
  bool packed_;
  std::vector<Sink> sinks_;
  std::vector<std::string> names_;
};

/// Every tensor that a graph computes, but for handles, each in a file of its own named by its index, and index.json;
/// all files appear, or none.
class TensorFiles {
 public:
  static Result<TensorFiles> create(const std::string& folder, const Graph& graph, int64_t samples, bool real);
  Status write(int tensor, const std::byte* values, int64_t first, int count) const;
  Status finish();

 private:
  explicit TensorFiles(NewFolder folder) : folder_(std::move(folder)) {}

  NewFolder folder_;
  std::vector<std::optional<Sink>> sinks_;  // by tensor
  JsonWriter index_;
};

}  // namespace narrow
