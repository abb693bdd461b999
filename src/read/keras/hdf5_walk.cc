#include "read/keras/hdf5_walk.h"

#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narrow::keras {
namespace {

constexpr int kMostObjects = 100'000;
constexpr int kMostGroupDepth = 64;
constexpr std::array<std::string_view, 5> kLeftOut{"optimizer_weights", "optimizer", "training_config", "metrics",
                                                   "_metrics"};

/// An identifier of libhdf5, closed with what holds it.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class Walk {
 public:
  Walk(size_t file_size, const Limits& limits, int out) : file_size_(file_size), limits_(limits), out_(out) {}

  /// False where the file is damaged or refused.
  bool group(hid_t group, const std::string& path, int depth);
  void end() {
    number(Frame::end);
    flush();
  }

 private:
  bool refuse(ErrorKind kind, std::string_view what, std::string_view path) {
    number(Frame::refusal);
    number(static_cast<uint8_t>(kind));
    text(what);
    text(path);
    flush();
    return false;
  }
  bool member(hid_t group, const std::string& path, hsize_t index, int depth);
  bool attribute(hid_t attribute, const std::string& path, const std::string& name);
  bool dataset(hid_t dataset, const std::string& path);
  bool stored_inside(hid_t dataset, const std::string& path, hsize_t bytes);

  template <class T>
  void number(T value) {
    bytes(&value, sizeof value);
  }
  void text(std::string_view s) {
    number(static_cast<uint32_t>(s.size()));
    bytes(s.data(), s.size());
  }
  void bytes(const void* data, size_t size) {
    if (pending_.size() + size > (1 << 16)) flush();
    if (size > (1 << 16)) return write_all(data, size);
    pending_.append(static_cast<const char*>(data), size);
  }
  void flush() {
    write_all(pending_.data(), pending_.size());
    pending_.clear();
  }
  void write_all(const void* data, size_t size) {
    auto const* at = static_cast<const char*>(data);
    while (size > 0) {
      ssize_t const n = ::write(out_, at, size);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) _exit(1);  // nobody listens
      at += n;
      size -= static_cast<size_t>(n);
    }
  }

  size_t file_size_;
  const Limits& limits_;
  int out_;
  int objects_ = 0;
  size_t unfolded_ = 0;  // bytes of all arrays so far
  std::string pending_;
};

std::string below(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "/" + name;
}

bool of_keras(std::string_view attribute) {
  return attribute == "model_config" || attribute == "keras_version" || attribute.starts_with("weight_names");
}

bool Walk::group(hid_t group, const std::string& path, int depth) {
  if (depth > kMostGroupDepth)
    return refuse(ErrorKind::bad_file, "the groups of the HDF5 file are nested too deeply", path);
  H5O_info_t about{};
  if (H5Oget_info2(group, &about, H5O_INFO_NUM_ATTRS) < 0) return false;
  for (hsize_t i = 0; i < about.num_attrs; ++i) {
    Id const found(H5Aopen_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!found) return false;
    ssize_t const length = H5Aget_name(found.get(), 0, nullptr);
    if (length < 0) return false;
    if (length > 256) continue;
    std::string name(static_cast<size_t>(length) + 1, '\0');
    if (H5Aget_name(found.get(), name.size(), name.data()) < 0) return false;
    name.pop_back();
    if (of_keras(name) && !attribute(found.get(), path, name)) return false;
  }
  H5G_info_t members{};
  if (H5Gget_info(group, &members) < 0) return false;
  for (hsize_t i = 0; i < members.nlinks; ++i)
    if (!member(group, path, i, depth)) return false;
  return true;
}

bool Walk::member(hid_t group, const std::string& path, hsize_t index, int depth) {
  ssize_t const length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nullptr, 0, H5P_DEFAULT);
  if (length < 0) return false;
  if (length > 4096) return refuse(ErrorKind::bad_file, "a name in the HDF5 file is longer than 4,096 bytes", path);
  std::string name(static_cast<size_t>(length) + 1, '\0');
  if (H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name.data(), name.size(), H5P_DEFAULT) < 0)
    return false;
  name.pop_back();
  if (depth == 0 && std::find(kLeftOut.begin(), kLeftOut.end(), name) != kLeftOut.end()) return true;
  std::string const full = below(path, name);
  if (++objects_ > kMostObjects)
    return refuse(ErrorKind::limit_exceeded, "the HDF5 file has more than 100,000 objects", full);
  H5L_info_t link{};
  if (H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &link, H5P_DEFAULT) < 0) return false;
  if (link.type != H5L_TYPE_HARD)
    return refuse(ErrorKind::unsupported, "this is a soft or external link of HDF5, which narrow does not follow",
                  full);
  Id const object(H5Oopen_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, H5P_DEFAULT), H5Oclose);
  if (!object) return false;
  switch (H5Iget_type(object.get())) {
    case H5I_GROUP:
      return this->group(object.get(), full, depth + 1);
    case H5I_DATASET:
      return dataset(object.get(), full);
    case H5I_DATATYPE:
      return true;
    default:
      return refuse(ErrorKind::unsupported, "this is neither a group nor an array", full);
  }
}

bool Walk::attribute(hid_t attribute, const std::string& path, const std::string& name) {
  Id const type(H5Aget_type(attribute), H5Tclose);
  Id const space(H5Aget_space(attribute), H5Sclose);
  if (!type || !space) return false;
  hssize_t const count = H5Sget_simple_extent_npoints(space.get());
  size_t const width = H5Tget_size(type.get());
  if (count < 0 || width == 0) return false;
  std::string const what = "the attribute " + name;
  bool const texts = H5Tget_class(type.get()) == H5T_STRING;
  if (!texts && count > 0 && width > 0) {
    // An empty list of names is written as an empty array of numbers.
    return refuse(ErrorKind::unsupported, what + " is no text", path);
  }
  if (static_cast<uint64_t>(count) > kMostTexts || width > kMostTextBytes ||
      static_cast<uint64_t>(count) * width > kMostTextBytes)
    return refuse(ErrorKind::limit_exceeded, what + " is longer than 64 MiB", path);
  std::vector<std::string> out(static_cast<size_t>(count));
  if (texts && H5Tis_variable_str(type.get()) > 0) {
    std::vector<char*> found(out.size(), nullptr);
    Id const memory(H5Tcopy(type.get()), H5Tclose);
    if (!memory || (count > 0 && H5Aread(attribute, memory.get(), found.data()) < 0)) return false;
    for (size_t i = 0; i < out.size(); ++i)
      if (found[i]) out[i].assign(found[i], strnlen(found[i], size_t{kMostTextBytes} + 1));
  } else if (count > 0) {
    std::vector<char> found(out.size() * width);
    if (H5Aread(attribute, type.get(), found.data()) < 0) return false;
    for (size_t i = 0; i < out.size(); ++i) out[i].assign(&found[i * width], strnlen(&found[i * width], width));
  }
  number(Frame::texts);
  text(path);
  text(name);
  number(static_cast<uint32_t>(out.size()));
  for (const std::string& s : out) {
    if (s.size() > kMostTextBytes) _exit(1);
    text(s);
  }
  return true;
}

/// Whether the `bytes` bytes of the array can be what the file stores for it.
bool Walk::stored_inside(hid_t dataset, const std::string& path, hsize_t bytes) {
  Id const creation(H5Dget_create_plist(dataset), H5Pclose);
  if (!creation) return false;
  H5D_layout_t const layout = H5Pget_layout(creation.get());
  if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
    return refuse(ErrorKind::unsupported, "the array is a virtual one of HDF5", path);
  if (H5Pget_external_count(creation.get()) != 0)
    return refuse(ErrorKind::unsupported, "the values of the array are stored outside of the file", path);
  int const filters = H5Pget_nfilters(creation.get());
  if (filters < 0) return false;
  uint64_t expansion = 1;
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    size_t values = 0;
    H5Z_filter_t const filter =
        H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
    if (filter < 0) return false;
    if (filter == H5Z_FILTER_DEFLATE)
      expansion *= kMostDeflation;
    else if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
      return refuse(ErrorKind::unsupported, "the array is compressed by HDF5's filter " + std::to_string(filter), path);
    if (expansion > kMostDeflation) return refuse(ErrorKind::unsupported, "the array is deflated twice", path);
  }
  hsize_t const stored = H5Dget_storage_size(dataset);
  if (stored > file_size_ || bytes > stored * expansion)
    return refuse(ErrorKind::bad_file, "the file does not hold all values of the array", path);
  return true;
}

/// Makes floats of the `count` bfloat16 at the beginning of the same memory: a bfloat16 is the upper half of a float.
void widen_bfloats(float* values, size_t count) {
  auto* const bytes = reinterpret_cast<unsigned char*>(values);
  for (size_t i = count; i-- > 0;) {
    uint16_t half = 0;
    std::memcpy(&half, bytes + 2 * i, sizeof half);
    uint32_t const bits = uint32_t{half} << 16;
    std::memcpy(bytes + 4 * i, &bits, sizeof bits);
  }
}

bool Walk::dataset(hid_t dataset, const std::string& path) {
  Id const type(H5Dget_type(dataset), H5Tclose);
  Id const space(H5Dget_space(dataset), H5Sclose);
  if (!type || !space) return false;
  H5T_class_t const kind = H5Tget_class(type.get());
  size_t const width = H5Tget_size(type.get());
  // HDF5 has no bfloat16: NumPy's arrays of them come as two bytes that the file says nothing of.
  bool const bfloats = kind == H5T_OPAQUE && width == 2;
  if (!bfloats && ((kind != H5T_FLOAT && kind != H5T_INTEGER) || width > 8))
    return refuse(ErrorKind::unsupported, "the array is not of numbers", path);
  if (!bfloats && H5Aexists(dataset, "dtype") > 0)
    return refuse(ErrorKind::unsupported, "the array is of a number format that HDF5 does not have", path);
  int const rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0) return false;
  if (rank > limits_.rank) return refuse(ErrorKind::limit_exceeded, "the array has too many dimensions", path);
  std::array<hsize_t, H5S_MAX_RANK> dims{};
  if (H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr) < 0) return false;
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL)
    return refuse(ErrorKind::unsupported, "the array is an empty one of HDF5", path);
  auto const most = static_cast<hsize_t>(limits_.tensor_elements);
  hsize_t count = 1;
  for (int i = 0; i < rank; ++i) {
    if (dims[i] > most || (dims[i] > 0 && count > most / dims[i]))
      return refuse(ErrorKind::limit_exceeded, "the array has too many values", path);
    count *= dims[i];
  }
  if (!stored_inside(dataset, path, count * width)) return false;
  unfolded_ += count * sizeof(float);
  if (unfolded_ > most_unfolded(file_size_))
    return refuse(ErrorKind::limit_exceeded, "the arrays of the file unfold to many times its own size", path);
  std::unique_ptr<float[]> const values(new (std::nothrow) float[count]);
  if (!values) return refuse(ErrorKind::limit_exceeded, "there is not enough memory for the array", path);
  hid_t const stored_as = bfloats ? type.get() : H5T_NATIVE_FLOAT;
  if (count > 0 && H5Dread(dataset, stored_as, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.get()) < 0) return false;
  if (bfloats) widen_bfloats(values.get(), count);
  number(Frame::array);
  text(path);
  number(static_cast<uint32_t>(rank));
  for (int i = 0; i < rank; ++i) number(static_cast<int64_t>(dims[i]));
  bytes(values.get(), count * sizeof(float));
  return true;
}

// libhdf5 copies an image of a file twice unless these say otherwise: here all of its copies are the bytes themselves,
// which are this process's own. Nothing writes to them, since the file is opened to be read.
void* same_image(size_t, H5FD_file_image_op_t, void* image) {
  return image;
}
void* keep_image(void* to, const void* from, size_t, H5FD_file_image_op_t, void*) {
  return to == from ? to : nullptr;
}
void* no_larger_image(void*, size_t, H5FD_file_image_op_t, void*) {
  return nullptr;
}
herr_t leave_image(void*, H5FD_file_image_op_t, void*) {
  return 0;
}
void* same_data(void* image) {
  return image;
}
herr_t leave_data(void*) {
  return 0;
}

}  // namespace

bool write_hdf5_contents(std::span<const std::byte> file, const Limits& limits, int out) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);  // no filters from files beside the library
  Id const access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  if (!access || H5Pset_fapl_core(access.get(), size_t{1} << 20, 0) < 0) return false;
  void* const image = const_cast<std::byte*>(file.data());
  H5FD_file_image_callbacks_t callbacks{same_image, keep_image, no_larger_image, leave_image, same_data,
                                        leave_data, image};
  if (H5Pset_file_image_callbacks(access.get(), &callbacks) < 0) return false;
  if (H5Pset_file_image(access.get(), image, file.size()) < 0) return false;
  Id const opened(H5Fopen("model", H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (!opened) return false;
  Id const root(H5Gopen2(opened.get(), "/", H5P_DEFAULT), H5Gclose);
  if (!root) return false;
  Walk walk(file.size(), limits, out);
  if (!walk.group(root.get(), "", 0)) return false;
  walk.end();
  return true;
}

}  // namespace narrow::keras
