// Bytes that several owners share and nobody changes.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace narrow {

using Bytes = std::vector<std::byte>;

/// A read-only run of bytes kept alive by whoever holds it: a constant inside a model file, or a buffer of its own.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}
  /// Takes over `bytes`.
  explicit SharedBytes(Bytes bytes) {
    auto kept = std::make_shared<const Bytes>(std::move(bytes));
    bytes_ = *kept;
    owner_ = std::move(kept);
  }
  /// A copy of `values`.
  template <class T>
  static SharedBytes copy_of(std::span<const T> values) {
    Bytes b(values.size_bytes());
    if (!b.empty()) std::memcpy(b.data(), values.data(), b.size());
    return SharedBytes(std::move(b));
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  const std::byte* data() const { return bytes_.data(); }
  /// What keeps the bytes alive: for further views into them.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> bytes_;
};

}  // namespace narrow
