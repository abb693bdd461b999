#include "read/data/dataset.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/digest.h"
#include "read/data/images.h"
#include "read/data/part.h"

namespace narrow {
namespace {

namespace fs = std::filesystem;

constexpr size_t kOpenParts = 4;

struct PartRef {
  std::string path;
  int64_t first = 0;  // sample number of its first sample
};

class Dataset final : public Samples {
 public:
  explicit Dataset(DataRequest request) : request_(std::move(request)) {}

  Status add(const std::string& path) {
    auto part = open_part(path, request_);
    if (!part) return pass(std::move(part), path);
    refs_.push_back({path, size_});
    digest_.add(fs::path(path).filename().string());
    std::error_code ignored;
    digest_.add(static_cast<uint64_t>(fs::file_size(path, ignored)));
    digest_.add(static_cast<uint64_t>((*part)->size()));
    size_ += (*part)->size();
    open_.assign(1, {refs_.size() - 1, std::move(*part)});
    return {};
  }

  int64_t size() const override { return size_; }
  uint64_t fingerprint() const override { return digest_.value(); }

  Status read(int64_t first, int count, size_t input, std::byte* out) const override {
    const InputSpec& spec = request_.inputs[input];
    size_t const sample_bytes = static_cast<size_t>(spec.shape.elements()) * element_bytes(spec.dtype);
    while (count > 0) {
      auto const after = std::upper_bound(refs_.begin(), refs_.end(), first,
                                          [](int64_t sample, const PartRef& r) { return sample < r.first; });
      auto const index = static_cast<size_t>(after - refs_.begin()) - 1;
      const PartRef& ref = refs_[index];
      NARROW_TRY(auto part, part_at(index));
      int const n = static_cast<int>(std::min<int64_t>(count, ref.first + part->size() - first));
      if (n <= 0) return fail(ErrorKind::bad_data, "the file became shorter while it was read", ref.path);
      auto done = part->read(first - ref.first, n, input, out, ref.first);
      if (!done) return pass(std::move(done), ref.path);
      first += n;
      count -= n;
      out += sample_bytes * static_cast<size_t>(n);
    }
    return {};
  }

 private:
  using SharedPart = std::shared_ptr<const Part>;

  /// The part, opened again where it is not among the last few.
  Result<SharedPart> part_at(size_t index) const {
    std::lock_guard const lock(mutex_);
    for (const auto& [i, part] : open_)
      if (i == index) return part;
    auto part = open_part(refs_[index].path, request_);
    if (!part) return pass(std::move(part), refs_[index].path);
    if (open_.size() == kOpenParts) open_.erase(open_.begin());
    open_.emplace_back(index, std::move(*part));
    return open_.back().second;
  }

  DataRequest request_;
  std::vector<PartRef> refs_;
  int64_t size_ = 0;
  Digest digest_;
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<size_t, SharedPart>> open_;
};

}  // namespace

Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector{path};
  std::vector<std::string> files;
  size_t images = 0;
  for (auto it = fs::directory_iterator(path, error); !error && it != fs::directory_iterator(); it.increment(error)) {
    std::string const extension = it->path().extension().string();
    if (extension == ".npy" || extension == ".npz" || extension == ".csv") files.push_back(it->path().string());
    images += is_image_name(extension);
  }
  if (error) return fail(ErrorKind::io, "cannot list the folder: " + error.message(), path);
  if (files.empty())
    return fail(
        ErrorKind::bad_data,
        (images > 0 ? "the folder holds " + std::to_string(images) + (images == 1 ? " image" : " images") + " and"
                    : std::string("the folder holds")) +
            " no .npy, .npz or .csv file",
        path, kHowToMakeSamples);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::shared_ptr<const Samples>> open_dataset(const std::string& path, std::vector<InputSpec> inputs,
                                                    const DataOptions& options) {
  NARROW_TRY(std::vector<std::string> files, files_of(path));
  auto data = std::make_shared<Dataset>(DataRequest{std::move(inputs), options});
  for (const std::string& file : files) NARROW_CHECK(data->add(file));
  if (data->size() == 0) return fail(ErrorKind::bad_data, "the data set holds no samples", path);
  return data;
}

}  // namespace narrow
