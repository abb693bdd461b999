// Writing of .npy and .npz files. Format: NumPy's documentation, numpy.lib.format, version 1.0.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/new_file.h"
#include "graph/tensor.h"

namespace narrow {

/// An array of samples, written in any order and by several threads; it appears whole or not at all.
class NpyFile {
 public:
  /// An array of `samples` rows of the shape `row`. unsupported for types NumPy does not have.
  static Result<NpyFile> create(NewFile file, DType dtype, int64_t samples, std::span<const int32_t> row);

  /// Rows from `first` on.
  Status write(int64_t first, std::span<const std::byte> rows) const;
  Status finish() { return file_.finish(); }

  /// Bytes of one row.
  int64_t row_bytes() const { return row_bytes_; }
  const NewFile& file() const { return file_; }

 private:
  NpyFile(NewFile file, int64_t header_bytes, int64_t row_bytes)
      : file_(std::move(file)), header_bytes_(header_bytes), row_bytes_(row_bytes) {}

  NewFile file_;
  int64_t header_bytes_;
  int64_t row_bytes_;
};

/// Packs arrays whose rows have all been written into one .npz, stored as they are, and drops them. Of arrays with the
/// same name the second is called NAME_2, and so on; names of more than 65,000 bytes lose their ends.
/// limit_exceeded where the file would pass 4 GiB or 65,535 arrays.
Status write_npz(const std::string& path, const std::vector<std::string>& names, std::vector<NpyFile> arrays);

/// What stands before the values in the file of one array. unsupported for types NumPy does not have.
Result<std::string> npy_header(DType dtype, std::span<const int32_t> shape);

/// What one sample of a tensor looks like: its shape without the leading 1.
std::vector<int32_t> row_shape(const Tensor& tensor);

}  // namespace narrow
