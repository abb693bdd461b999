// Part: one file of a data set.
#pragma once

#include <memory>
#include <string>

#include "read/data/byte_source.h"
#include "read/data/convert.h"
#include "read/data/npy.h"

namespace narrow {

/// The samples of one file. `read` may be called from several threads.
class Part {
 public:
  virtual ~Part() = default;
  virtual int64_t size() const = 0;
  /// As Samples::read, with samples counted from this file's first; messages call that one `numbered_from`.
  virtual Status read(int64_t first, int count, size_t input, std::byte* out, int64_t numbered_from) const = 0;
};

struct DataRequest {
  std::vector<InputSpec> inputs;
  DataOptions options;
};

/// Opens a .npy, .npz or .csv file; errors do not name the file.
Result<std::unique_ptr<const Part>> open_part(const std::string& path, const DataRequest& request);

/// The same for bytes from anywhere. .npy and .npz are told by content; other content is taken as .csv where `text`.
Result<std::unique_ptr<const Part>> open_part(SharedSource source, bool text, const DataRequest& request);

/// An array, and the name by which an input finds it.
struct NamedArray {
  std::string name;
  NpyArray array;
};

/// The samples in arrays, one for each input; a single one serves a single input whatever its name.
Result<std::unique_ptr<const Part>> open_part(std::vector<NamedArray> arrays, const DataRequest& request);

/// What the openers of the formats share.
Result<std::unique_ptr<const Part>> open_csv(SharedSource source, const DataRequest& request);
tl::unexpected<Error> bad_value(const Converter::BadValue& bad, const InputSpec& input, int64_t sample);

}  // namespace narrow
