// Builder: a FlatBuffer under construction in which equal parts are stored once.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "tflite/format.h"

namespace narrow {

/// Memory of a FlatBufferBuilder that ends as Bytes without a copy.
class BytesAllocator : public flatbuffers::Allocator {
 public:
  uint8_t* allocate(size_t size) override;
  void deallocate(uint8_t* p, size_t size) override;

  /// The block that `begin` points into, without the bytes before `begin`.
  Bytes take(const uint8_t* begin, size_t size);

 private:
  std::vector<Bytes>::iterator block_of(const uint8_t* p);
  std::vector<Bytes> blocks_;
};

class Builder {
 public:
  /// Allocates `expected` bytes at once.
  explicit Builder(size_t expected) : fbb_(expected, &allocator_) {}

  flatbuffers::FlatBufferBuilder& fbb() { return fbb_; }

  /// A vector of scalars; the same one for the same values. An empty one where `values` is empty.
  template <class T>
  flatbuffers::Offset<flatbuffers::Vector<T>> vector(std::span<const T> values) {
    auto const* p = reinterpret_cast<const char*>(values.data());
    std::string key = values.empty() ? std::string() : std::string(p, values.size_bytes());
    auto [at, fresh] = vectors_.try_emplace({sizeof(T), std::move(key)}, 0);
    if (fresh) at->second = fbb_.CreateVector(values.data(), values.size()).o;
    return at->second;
  }
  /// The same, but no vector (a null offset) where `values` is empty.
  template <class T>
  flatbuffers::Offset<flatbuffers::Vector<T>> vector_or_none(std::span<const T> values) {
    if (values.empty()) return 0;
    return vector(values);
  }

  /// A string, stored once for equal texts; a null offset for an empty text.
  flatbuffers::Offset<flatbuffers::String> text(const std::string& s) {
    if (s.empty()) return 0;
    return fbb_.CreateSharedString(s);
  }

  /// A table that `make` builds (it returns the offset as a plain number), once for each key.
  template <class Make>
  flatbuffers::uoffset_t once(std::string key, const Make& make) {
    auto at = tables_.find(key);
    if (at == tables_.end()) at = tables_.emplace(std::move(key), make()).first;
    return at->second;
  }

  /// The finished file; the builder is empty afterwards.
  Bytes finish(flatbuffers::Offset<format::Model> model);

 private:
  BytesAllocator allocator_;
  flatbuffers::FlatBufferBuilder fbb_;
  std::map<std::pair<size_t, std::string>, flatbuffers::uoffset_t> vectors_;
  std::map<std::string, flatbuffers::uoffset_t> tables_;
};

}  // namespace narrow
