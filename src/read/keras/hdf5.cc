#include "read/keras/hdf5.h"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

namespace narrow::keras {
namespace {

// What the process hands over: records that begin with their kind. Numbers are 64 bits in this machine's order.
enum class Record : uint64_t { end, text, array, refusal };

constexpr int kMostGroups = 24;                  // groups inside each other
constexpr uint64_t kMostObjects = 1 << 18;      // groups and datasets, and strings of one attribute
constexpr uint64_t kMostTextBytes = 256 << 20;  // one string
constexpr uint64_t kMostPathBytes = 1 << 16;
constexpr int64_t kDeflateRatio = 1032;  // no stream of deflate expands further
constexpr rlim_t kProcessorSeconds = 60;
constexpr rlim_t kSpareMemory = rlim_t{512} << 20;

// ---- The process that reads ----------------------------------------------------------------------------------------

/// Thrown in the process that reads, which ends with it.
struct Refused {
  std::string what;
};

class Writer {
 public:
  explicit Writer(int fd) : fd_(fd) {}
  void number(uint64_t value) { bytes(&value, sizeof(value)); }
  void record(Record kind) { number(static_cast<uint64_t>(kind)); }
  void text(const std::string& value) {
    number(value.size());
    bytes(value.data(), value.size());
  }
  void bytes(const void* data, size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
      ssize_t const done = ::write(fd_, at, size);
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) ::_exit(3);
      at += done;
      size -= static_cast<size_t>(done);
    }
  }

 private:
  int fd_;
};

/// An identifier of libhdf5, closed with the function of its kind.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const std::string& where) : id_(id), close_(close) {
    if (id < 0) throw Refused{"the file is damaged at '" + where + "'"};
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class Walk {
 public:
  Walk(Writer& out, int64_t most_elements, int64_t file_bytes)
      : out_(out), most_elements_(most_elements), file_bytes_(file_bytes) {}

  void group(hid_t id, const std::string& path, int depth) {
    if (depth > kMostGroups) throw Refused{"groups lie too deep inside each other at '" + path + "'"};
    attributes(id, path);
    H5G_info_t info;
    check(H5Gget_info(id, &info), path);
    for (hsize_t i = 0; i < info.nlinks; ++i) member(id, path, i, depth);
  }

 private:
  static void check(int64_t status, const std::string& where) {
    if (status < 0) throw Refused{"the file is damaged at '" + where + "'"};
  }

  void member(hid_t parent, const std::string& path, hsize_t i, int depth) {
    char name[1024];
    ssize_t const length =
        H5Lget_name_by_idx(parent, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof(name), H5P_DEFAULT);
    check(length, path);
    if (length >= static_cast<ssize_t>(sizeof(name))) throw Refused{"a name is too long in '" + path + "'"};
    std::string const at = path.empty() ? name : path + "/" + name;
    if (at == "optimizer_weights" || at == "optimizer") return;
    if (at.size() > kMostPathBytes) throw Refused{"a path is too long in '" + path + "'"};
    H5L_info_t link;
    check(H5Lget_info(parent, name, &link, H5P_DEFAULT), at);
    if (link.type != H5L_TYPE_HARD) throw Refused{"'" + at + "' is a link to somewhere else"};
    if (++objects_ > kMostObjects) throw Refused{"the file has too many groups and datasets"};
    Handle const object(H5Oopen(parent, name, H5P_DEFAULT), H5Oclose, at);
    H5O_info_t info;
    check(H5Oget_info2(object, &info, H5O_INFO_BASIC), at);
    if (!seen_.insert(info.addr).second) throw Refused{"'" + at + "' is in the file twice"};
    if (info.type == H5O_TYPE_GROUP) return group(object, at, depth + 1);
    if (info.type == H5O_TYPE_DATASET) return dataset(object, at);
  }

  void dataset(hid_t id, const std::string& path) {
    Handle const type(H5Dget_type(id), H5Tclose, path);
    H5T_class_t const kind = H5Tget_class(type);
    if (kind == H5T_STRING) return;  // vocabularies of layers, which those that need them are refused for
    if (kind != H5T_FLOAT && kind != H5T_INTEGER && kind != H5T_ENUM)
      throw Refused{"the elements of '" + path + "' are no numbers"};
    if (kind == H5T_ENUM) return;  // truth values, which no layer has as weights
    Handle const space(H5Dget_space(id), H5Sclose, path);
    hsize_t dims[H5S_MAX_RANK];
    int const rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || H5Sget_simple_extent_dims(space, dims, nullptr) < 0)
      throw Refused{"the file is damaged at '" + path + "'"};
    int64_t elements = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : 1;
    for (int d = 0; d < rank; ++d)
      if (dims[d] > INT32_MAX || __builtin_mul_overflow(elements, static_cast<int64_t>(dims[d]), &elements) ||
          elements > most_elements_)
        throw Refused{"'" + path + "' has too many elements"};
    check_storage(id, path, elements * static_cast<int64_t>(H5Tget_size(type)));
    std::vector<float> values(static_cast<size_t>(elements));
    if (elements > 0) check(H5Dread(id, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), path);
    out_.record(Record::array);
    out_.text(path);
    out_.number(static_cast<uint64_t>(rank));
    for (int d = 0; d < rank; ++d) out_.number(dims[d]);
    out_.number(static_cast<uint64_t>(elements));
    out_.bytes(values.data(), values.size() * sizeof(float));
  }

  /// The values are in this very file, in a form that cannot expand without a bound.
  void check_storage(hid_t id, const std::string& path, int64_t bytes) {
    Handle const plist(H5Dget_create_plist(id), H5Pclose, path);
    if (H5Pget_layout(plist) == H5D_VIRTUAL || H5Pget_external_count(plist) != 0)
      throw Refused{"the values of '" + path + "' are in another file"};
    int const filters = H5Pget_nfilters(plist);
    check(filters, path);
    for (int i = 0; i < filters; ++i) {
      unsigned flags = 0, config = 0;
      size_t values = 0;
      H5Z_filter_t const filter =
          H5Pget_filter2(plist, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
      if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE)
        throw Refused{"'" + path + "' is packed with a filter other than gzip and shuffle"};
    }
    auto const stored = static_cast<int64_t>(std::min<hsize_t>(H5Dget_storage_size(id), hsize_t{1} << 40));
    if (stored > file_bytes_ || bytes > (filters > 0 ? stored * kDeflateRatio : stored))
      throw Refused{"the file does not hold as many values as '" + path + "' says"};
  }

  void attributes(hid_t id, const std::string& path) {
    int const count = H5Aget_num_attrs(id);
    check(count, path);
    for (int i = 0; i < count; ++i) {
      Handle const attribute(
          H5Aopen_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, static_cast<hsize_t>(i), H5P_DEFAULT, H5P_DEFAULT),
          H5Aclose, path);
      char name[256];
      ssize_t const length = H5Aget_name(attribute, sizeof(name), name);
      if (length < 0 || length >= static_cast<ssize_t>(sizeof(name)))
        throw Refused{"the file is damaged at '" + path + "'"};
      strings(attribute, path + "@" + name);
    }
  }

  void strings(hid_t attribute, const std::string& where) {
    Handle const type(H5Aget_type(attribute), H5Tclose, where);
    if (H5Tget_class(type) != H5T_STRING) return;
    Handle const space(H5Aget_space(attribute), H5Sclose, where);
    hssize_t const count = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : H5Sget_simple_extent_npoints(space);
    if (count < 0 || count > static_cast<hssize_t>(kMostObjects)) throw Refused{"'" + where + "' is too long a list"};
    std::vector<std::string> out;
    if (count > 0 && H5Tis_variable_str(type) > 0) {
      Handle const memory(H5Tcopy(type), H5Tclose, where);
      std::vector<char*> pointers(static_cast<size_t>(count));
      check(H5Aread(attribute, memory, pointers.data()), where);
      for (const char* p : pointers) out.emplace_back(p ? p : "");
    } else if (count > 0) {
      size_t const size = H5Tget_size(type);
      if (size == 0 || size > kMostTextBytes ||
          static_cast<int64_t>(size) > file_bytes_ / std::max<int64_t>(count, 1) + 1)
        throw Refused{"the file does not hold as much text as '" + where + "' says"};
      std::string all(size * static_cast<size_t>(count), '\0');
      check(H5Aread(attribute, type, all.data()), where);
      for (size_t i = 0; i < static_cast<size_t>(count); ++i)
        out.emplace_back(all.data() + i * size, ::strnlen(all.data() + i * size, size));
    }
    out_.record(Record::text);
    out_.text(where);
    out_.number(out.size());
    for (const std::string& s : out) out_.text(s);
  }

  Writer& out_;
  int64_t most_elements_;
  int64_t file_bytes_;
  uint64_t objects_ = 0;
  std::set<haddr_t> seen_;
};

/// Bounds what a process may use from here on. Sanitizers reserve more address space than any bound leaves.
void bound_process(size_t file_bytes) {
  rlimit const none{0, 0}, seconds{kProcessorSeconds, kProcessorSeconds};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_FSIZE, &none);
  ::setrlimit(RLIMIT_CPU, &seconds);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  unsigned long pages = 0;
  if (std::FILE* const f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%lu", &pages) != 1) pages = 0;
    std::fclose(f);
  }
  rlim_t const most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + kSpareMemory + 6 * rlim_t{file_bytes};
  rlimit const memory{most, most};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
}

void walk_file(Writer& out, std::span<const std::byte> file, const Limits& limits) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Handle const access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "");
  // libhdf5 copies the bytes and does not change them.
  if (H5Pset_fapl_core(access, size_t{1} << 16, false) < 0 ||
      H5Pset_file_image(access, const_cast<std::byte*>(file.data()), file.size()) < 0)
    throw Refused{"there is not enough memory for the file"};
  hid_t const root_file = H5Fopen("model", H5F_ACC_RDONLY, access);
  if (root_file < 0) throw Refused{"this is no HDF5 file, or a damaged one"};
  Handle const root(H5Gopen2(root_file, "/", H5P_DEFAULT), H5Gclose, "/");
  Walk(out, limits.tensor_elements, static_cast<int64_t>(file.size())).group(root, "", 0);
}

[[noreturn]] void read_in_this_process(int fd, const SharedBytes& file, const Limits& limits) {
  bound_process(file.size());
  Writer out(fd);
  try {
    walk_file(out, file.bytes(), limits);
    out.record(Record::end);
  } catch (const Refused& refused) {
    out.record(Record::refusal);
    out.text(refused.what);
  } catch (...) {
    ::_exit(4);
  }
  ::_exit(0);
}

// ---- The process that asked ----------------------------------------------------------------------------------------

/// Reads records, of which it believes nothing.
class Reader {
 public:
  explicit Reader(int fd) : fd_(fd) {}

  bool bytes(void* to, size_t size) {
    char* at = static_cast<char*>(to);
    while (size > 0) {
      ssize_t const done = ::read(fd_, at, size);
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      at += done;
      size -= static_cast<size_t>(done);
    }
    return true;
  }
  bool number(uint64_t& value) { return bytes(&value, sizeof(value)); }
  bool text(std::string& value, uint64_t most) {
    uint64_t size = 0;
    if (!number(size) || size > most) return false;
    return growing(value, size);
  }
  /// Memory grows with what arrives, not with what was announced.
  template <class List>
  bool growing(List& list, uint64_t count) {
    constexpr uint64_t kStep = 1 << 18;
    while (list.size() < count) {
      size_t const at = list.size(), more = std::min(kStep, count - at);
      list.resize(at + more);
      if (!bytes(&list[at], more * sizeof(list[0]))) return false;
    }
    return true;
  }

 private:
  int fd_;
};

tl::unexpected<Error> damaged() {
  return fail(ErrorKind::bad_file, "the HDF5 data is damaged", "", "save the model again");
}

Status take_text(Reader& in, Hdf5Contents& out) {
  std::string where;
  uint64_t count = 0;
  if (!in.text(where, kMostPathBytes + 1024) || !in.number(count) || count > kMostObjects) return damaged();
  std::vector<std::string> list;
  for (uint64_t i = 0; i < count; ++i)
    if (!in.text(list.emplace_back(), kMostTextBytes)) return damaged();
  out.texts[where] = std::move(list);
  return {};
}

Status take_array(Reader& in, Hdf5Contents& out, const Limits& limits) {
  std::string path;
  uint64_t rank = 0, elements = 0;
  if (!in.text(path, kMostPathBytes) || !in.number(rank) || rank > H5S_MAX_RANK) return damaged();
  std::vector<int32_t> dims;
  for (uint64_t d = 0; d < rank; ++d) {
    uint64_t dim = 0;
    if (!in.number(dim) || dim > INT32_MAX) return damaged();
    dims.push_back(static_cast<int32_t>(dim));
  }
  auto shape = Shape::make(dims, limits);
  if (!shape) return pass(std::move(shape), path);
  Hdf5Array array{std::move(*shape), {}};
  if (!in.number(elements) || elements != static_cast<uint64_t>(array.shape.elements())) return damaged();
  if (!in.growing(array.values, elements)) return damaged();
  out.arrays[path] = std::move(array);
  return {};
}

Result<Hdf5Contents> take_contents(Reader& in, const Limits& limits) {
  Hdf5Contents out;
  uint64_t kind = 0;
  while (in.number(kind)) {
    switch (static_cast<Record>(kind)) {
      case Record::end:
        return out;
      case Record::text:
        NARROW_CHECK(take_text(in, out));
        break;
      case Record::array:
        NARROW_CHECK(take_array(in, out, limits));
        break;
      case Record::refusal: {
        std::string what;
        if (!in.text(what, kMostPathBytes + 1024)) return damaged();
        return fail(ErrorKind::bad_file, std::move(what), "", "save the model again with Keras");
      }
      default:
        return damaged();
    }
  }
  return damaged();
}

}  // namespace

Result<Hdf5Contents> read_hdf5(const SharedBytes& file, const Limits& limits) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ErrorKind::io, "no pipe can be made for the process that reads HDF5", "", "close other programs");
  pid_t const child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    read_in_this_process(ends[1], file, limits);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return fail(ErrorKind::io, "no process can be made to read HDF5 in", "",
                "allow this program to make processes, or convert the model to .tflite elsewhere");
  }
  Reader in(ends[0]);
  auto contents = take_contents(in, limits);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return contents;
}

}  // namespace narrow::keras
