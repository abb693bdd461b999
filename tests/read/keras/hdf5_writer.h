// Writes small HDF5 files in memory, for tests of what reads them.
#pragma once

#include <hdf5.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace narrow {

/// An HDF5 file that is being written. Paths have no leading slash; the groups of a path are made with it.
class Hdf5Writer {
 public:
  Hdf5Writer() {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    hid_t const access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, false);
    static int files = 0;  // files that are open at the same time need different names
    file_ = H5Fcreate(("file " + std::to_string(++files)).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    make_groups_ = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(make_groups_, 1);
  }
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  ~Hdf5Writer() {
    H5Pclose(make_groups_);
    H5Fclose(file_);
  }
  hid_t file() const { return file_; }

  void group(const std::string& path) {
    if (H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0) return;
    H5Gclose(H5Gcreate2(file_, path.c_str(), make_groups_, H5P_DEFAULT, H5P_DEFAULT));
  }

  /// An attribute of texts of variable length; `path` "" is the root. A scalar, unless it is a `list`.
  void texts(const std::string& path, const std::string& name, const std::vector<std::string>& values, bool list) {
    hid_t const type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    hsize_t const count = values.size();
    hid_t const space = list ? H5Screate_simple(1, &count, nullptr) : H5Screate(H5S_SCALAR);
    std::vector<const char*> pointers;
    for (const std::string& v : values) pointers.push_back(v.c_str());
    attribute(path, name, type, space, pointers.data());
    H5Sclose(space);
    H5Tclose(type);
  }
  /// A list of texts of one length, filled with zeros, as Keras 1 and 2 write it.
  void fixed_texts(const std::string& path, const std::string& name, const std::vector<std::string>& values) {
    size_t width = 1;
    for (const std::string& v : values) width = std::max(width, v.size());
    hid_t const type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, width);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    hsize_t const count = values.size();
    hid_t const space = H5Screate_simple(1, &count, nullptr);
    std::string all;
    for (std::string v : values) {
      v.resize(width);
      all += v;
    }
    attribute(path, name, type, space, all.data());
    H5Sclose(space);
    H5Tclose(type);
  }

  /// An array with the values first, first + 1, ..., stored as `type`, deflated where it is to be.
  void array(const std::string& path, const std::vector<hsize_t>& dims, float first, hid_t type = H5T_IEEE_F32LE,
             bool deflated = false) {
    hid_t const creation = H5Pcreate(H5P_DATASET_CREATE);
    if (deflated) {
      H5Pset_chunk(creation, static_cast<int>(dims.size()), dims.data());
      H5Pset_shuffle(creation);
      H5Pset_deflate(creation, 6);
    }
    hsize_t count = 1;
    for (hsize_t const d : dims) count *= d;
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), first);
    hid_t const space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
    hid_t const set = H5Dcreate2(file_, path.c_str(), type, space, make_groups_, creation, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(creation);
  }

  /// The same as bfloat16, in the form that h5py gives NumPy's arrays of them: two bytes that the file says nothing of.
  void bfloats(const std::string& path, const std::vector<hsize_t>& dims, float first) {
    hsize_t count = 1;
    for (hsize_t const d : dims) count *= d;
    std::vector<uint16_t> halves(count);
    for (uint16_t& half : halves) half = static_cast<uint16_t>(std::bit_cast<uint32_t>(first++) >> 16);
    hid_t const type = H5Tcreate(H5T_OPAQUE, 2);
    hid_t const space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
    hid_t const set = H5Dcreate2(file_, path.c_str(), type, space, make_groups_, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, halves.data());
    H5Dclose(set);
    H5Sclose(space);
    H5Tclose(type);
  }

  Bytes bytes() const {
    H5Fflush(file_, H5F_SCOPE_GLOBAL);
    Bytes out(static_cast<size_t>(H5Fget_file_image(file_, nullptr, 0)));
    H5Fget_file_image(file_, out.data(), out.size());
    return out;
  }

 private:
  void attribute(const std::string& path, const std::string& name, hid_t type, hid_t space, const void* values) {
    hid_t const object = H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT);
    hid_t const made = H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(made, type, values);
    H5Aclose(made);
    H5Oclose(object);
  }

  hid_t file_;
  hid_t make_groups_;
};

}  // namespace narrow
