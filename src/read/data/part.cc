#include "read/data/part.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "read/data/images.h"
#include "read/data/npy.h"
#include "read/data/zip.h"

namespace narrow {
namespace {

constexpr size_t kPiece = 64 << 10;             // elements read and converted at a time
constexpr int64_t kMostEmptySamples = 1 << 16;  // a file can claim any number of samples without elements

std::string label(const InputSpec& input) {
  return "input '" + input.names.front() + "'";
}

/// Dimensions of one are left out: they do not change which element is where.
template <class Dims>
std::vector<int64_t> long_dims(const Dims& dims) {
  std::vector<int64_t> out;
  for (auto d : dims)
    if (d != 1) out.push_back(d);
  return out;
}

/// The three dimensions of an image, those of one before them left out; empty where there are others.
template <class Dims>
std::vector<int64_t> image_dims(const Dims& dims) {
  std::vector<int64_t> out(dims.begin(), dims.end());
  while (out.size() > 3 && out.front() == 1) out.erase(out.begin());
  return out.size() == 3 ? out : std::vector<int64_t>{};
}

/// What to do where dimensions of a sample would be those of an input if the channels were at the other end; else
/// empty.
std::string other_channel_order(std::span<const int64_t> sample, const InputSpec& input) {
  auto got = image_dims(sample);
  auto const want = image_dims(input.shape.dims());
  if (got.empty() || want.empty()) return {};
  std::rotate(got.begin(), got.begin() + 1, got.end());
  if (got == want)
    return "the channels come first in the samples (NCHW) and last in the input (NHWC): numpy.moveaxis(x, -3, -1)";
  std::rotate(got.begin(), got.begin() + 1, got.end());
  if (got == want)
    return "the channels come last in the samples (NHWC) and first in the input (NCHW): numpy.moveaxis(x, -1, -3)";
  return {};
}

/// How many samples an array holds: its leading axis counts them, or it is one sample as the model takes it.
Result<int64_t> count_samples(const NpyArray& array, const InputSpec& input) {
  auto const want = long_dims(input.shape.dims());
  std::span<const int64_t> const dims = array.shape;
  if (!dims.empty() && long_dims(dims.subspan(1)) == want) return dims[0];
  if (long_dims(dims) == want) return int64_t{1};
  std::string remedy = other_channel_order(dims.empty() ? dims : dims.subspan(1), input);
  if (remedy.empty()) remedy = other_channel_order(dims, input);
  if (remedy.empty()) remedy = "the first axis must count the samples and the others be those of the input";
  return fail(ErrorKind::bad_data,
              array.text() + " does not hold samples of " + label(input) + ", which are " + input.shape.text(), {},
              std::move(remedy));
}

class ArrayPart final : public Part {
 public:
  static Result<std::unique_ptr<const Part>> make(std::vector<NpyArray> arrays, const DataRequest& request) {
    auto part = std::make_unique<ArrayPart>();
    for (size_t i = 0; i < arrays.size(); ++i) {
      NARROW_TRY(int64_t samples, count_samples(arrays[i], request.inputs[i]));
      if (i > 0 && samples != part->size_)
        return fail(ErrorKind::bad_data, label(request.inputs[i]) + " has " + std::to_string(samples) +
                                             " samples and " + label(request.inputs[0]) + " has " +
                                             std::to_string(part->size_));
      part->size_ = samples;
      NARROW_TRY(Converter converter,
                 Converter::make(arrays[i].dtype, arrays[i].swapped, request.inputs[i], request.options));
      part->columns_.push_back({std::move(arrays[i]), converter, request.inputs[i]});
    }
    bool const empty = std::all_of(part->columns_.begin(), part->columns_.end(),
                                   [](const Column& c) { return c.input.shape.elements() == 0; });
    if (empty && part->size_ > kMostEmptySamples)
      return fail(ErrorKind::limit_exceeded,
                  std::to_string(part->size_) + " samples that hold no values; there may be " +
                      std::to_string(kMostEmptySamples) + " of those",
                  {}, "the first axis counts the samples, and a dimension of the input is 0");
    return part;
  }

  int64_t size() const override { return size_; }

  Status read(int64_t first, int count, size_t input, std::byte* out, int64_t numbered_from) const override {
    const Column& c = columns_[input];
    auto const per_sample = static_cast<size_t>(c.input.shape.elements());
    size_t const n = per_sample * static_cast<size_t>(count);
    size_t const in_bytes = c.converter.in_bytes();
    thread_local Bytes stored;
    stored.resize(std::min(n, kPiece) * in_bytes);
    int64_t const start = c.array.offset + first * static_cast<int64_t>(per_sample * in_bytes);
    for (size_t i = 0; i < n; i += kPiece) {
      size_t const some = std::min(kPiece, n - i);
      auto const piece = std::span(stored).first(some * in_bytes);
      NARROW_CHECK(c.array.source->read(start + static_cast<int64_t>(i * in_bytes), piece));
      if (auto const bad = c.converter.run(piece.data(), some, out + i * c.converter.out_bytes()))
        return bad_value(*bad, c.input, numbered_from + first + static_cast<int64_t>((i + bad->index) / per_sample));
    }
    return {};
  }

 private:
  struct Column {
    NpyArray array;
    Converter converter;
    InputSpec input;
  };
  std::vector<Column> columns_;
  int64_t size_ = 0;
};

/// The member's name as numpy.load gives it.
std::string key_of(const ZipMember& m) {
  std::string_view name = m.name;
  if (name.ends_with(".npy")) name.remove_suffix(4);
  return std::string(name);
}

/// Which of the arrays of those names an input means.
Result<size_t> find_array(const std::vector<std::string>& names, const DataRequest& request, const InputSpec& input) {
  for (const std::string& name : input.names)
    if (auto const at = std::find(names.begin(), names.end(), name); at != names.end())
      return static_cast<size_t>(at - names.begin());
  if (names.size() == 1 && request.inputs.size() == 1) return size_t{0};
  std::string keys;
  for (const std::string& name : names) keys += (keys.empty() ? "'" : ", '") + name + "'";
  std::string const known = input.names.size() > 1 ? " or '" + input.names[1] + "'" : "";
  return fail(ErrorKind::bad_data, "no array is called " + label(input).substr(6) + "; there are " + keys, {},
              "save it with numpy.savez under the name '" + input.names.front() + "'" + known);
}

Result<std::unique_ptr<const Part>> open_npz(const SharedSource& source, const DataRequest& request) {
  NARROW_TRY(std::vector<ZipMember> members, read_zip(source));
  if (members.empty()) return fail(ErrorKind::bad_data, "the .npz file holds no array");
  std::vector<std::string> names;
  for (const ZipMember& m : members) names.push_back(key_of(m));
  std::vector<NpyArray> arrays;
  for (const InputSpec& input : request.inputs) {
    NARROW_TRY(size_t const member, find_array(names, request, input));
    auto array = open_npy(members[member].bytes);
    if (!array) return pass(std::move(array), "member '" + members[member].name + "'");
    arrays.push_back(std::move(*array));
  }
  return ArrayPart::make(std::move(arrays), request);
}

Status needs_one_input(const DataRequest& request) {
  if (request.inputs.size() == 1) return {};
  return fail(ErrorKind::bad_data, "one array for a model with " + std::to_string(request.inputs.size()) + " inputs",
              {}, "give an .npz with one array per input name");
}

}  // namespace

tl::unexpected<Error> bad_value(const Converter::BadValue& bad, const InputSpec& input, int64_t sample) {
  return fail(ErrorKind::bad_data,
              std::string(bad.what) + " in " + label(input) + " at sample " + std::to_string(sample));
}

Result<std::unique_ptr<const Part>> open_part(const std::string& path, const DataRequest& request) {
  NARROW_TRY(SharedSource source, open_source(path));
  return open_part(std::move(source), path.ends_with(".csv"), request);
}

Result<std::unique_ptr<const Part>> open_part(SharedSource source, bool text, const DataRequest& request) {
  char start[6] = {};
  auto const have = static_cast<size_t>(std::min<int64_t>(source->size(), sizeof start));
  NARROW_CHECK(source->read(0, std::as_writable_bytes(std::span(start).first(have))));
  if (have == 0) return fail(ErrorKind::bad_data, "the file is empty");
  std::string_view const magic(start, have);
  if (magic.starts_with("PK\x03\x04") || magic.starts_with("PK\x05\x06")) return open_npz(source, request);
  if (text && !magic.starts_with("\x93NUMPY")) {
    NARROW_CHECK(needs_one_input(request));
    return open_csv(std::move(source), request);
  }
  if (!magic.starts_with("\x93NUMPY")) {
    std::string const image = image_format(magic);
    return fail(ErrorKind::bad_file, image.empty() ? "not a .npy array" : "a " + image + " image, not an array", {},
                kHowToMakeSamples);
  }
  NARROW_TRY(NpyArray array, open_npy(std::move(source)));
  NARROW_CHECK(needs_one_input(request));
  std::vector<NpyArray> arrays;
  arrays.push_back(std::move(array));
  return ArrayPart::make(std::move(arrays), request);
}

Result<std::unique_ptr<const Part>> open_part(std::vector<NamedArray> arrays, const DataRequest& request) {
  std::vector<std::string> names;
  for (const NamedArray& a : arrays) names.push_back(a.name);
  std::vector<NpyArray> chosen;
  for (const InputSpec& input : request.inputs) {
    NARROW_TRY(size_t const i, find_array(names, request, input));
    chosen.push_back(arrays[i].array);
  }
  return ArrayPart::make(std::move(chosen), request);
}

}  // namespace narrow
