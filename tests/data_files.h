// Files that tests of data sets and calibration write: .npy, .npz and folders of them.
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace narrow {

/// A folder of its own below the tests' temporary one, empty at first and removed at the end.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("narrow-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string operator/(const std::string& leaf) const { return (path_ / leaf).string(); }
  std::string write(const std::string& leaf, const std::string& bytes) const {
    std::ofstream(path_ / leaf, std::ios::binary) << bytes;
    return *this / leaf;
  }

 private:
  std::filesystem::path path_;
};

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

template <class T>
std::string raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// A version 1 array with any header text.
inline std::string npy_of(std::string header, const std::string& data) {
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + raw(static_cast<uint16_t>(header.size())) + header + data;
}

/// `descr` as "<f4", `shape` as "(2, 3)".
inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data) {
  return npy_of("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }", data);
}

inline std::string deflated(const std::string& data) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, data.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  z.avail_in = static_cast<uInt>(data.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

/// A .zip of these members, name and content, stored or deflated.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool deflate_them = false) {
  std::string out;
  std::string directory;
  for (const auto& [name, content] : members) {
    std::string const body = deflate_them ? deflated(content) : content;
    auto const crc = static_cast<uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    std::string const fields = raw(uint16_t{20}) + raw(uint16_t{0}) + raw(static_cast<uint16_t>(deflate_them ? 8 : 0)) +
                               raw(uint32_t{0}) + raw(crc) + raw(static_cast<uint32_t>(body.size())) +
                               raw(static_cast<uint32_t>(content.size())) + raw(static_cast<uint16_t>(name.size())) +
                               raw(uint16_t{0});
    directory += raw(uint32_t{0x02014b50}) + raw(uint16_t{20}) + fields + std::string(10, '\0') +
                 raw(static_cast<uint32_t>(out.size())) + name;
    out += raw(uint32_t{0x04034b50}) + fields + name + body;
  }
  auto const count = static_cast<uint16_t>(members.size());
  return out + directory + raw(uint32_t{0x06054b50}) + raw(uint32_t{0}) + raw(count) + raw(count) +
         raw(static_cast<uint32_t>(directory.size())) + raw(static_cast<uint32_t>(out.size())) + raw(uint16_t{0});
}

}  // namespace narrow
