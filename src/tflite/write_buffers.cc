#include "tflite/write_buffers.h"

#include <cstring>

namespace narrow {
namespace {

constexpr size_t kAlignment = 16;

}  // namespace

bool BufferTable::Less::operator()(std::span<const std::byte> a, std::span<const std::byte> b) const {
  if (a.size() != b.size()) return a.size() < b.size();
  return !a.empty() && std::memcmp(a.data(), b.data(), a.size()) < 0;
}

BufferTable::BufferTable(Builder& builder) : builder_(builder) {
  buffers_.push_back(format::CreateBuffer(builder_.fbb()));
}

uint32_t BufferTable::add(std::span<const std::byte> bytes) {
  if (bytes.empty()) return 0;
  auto [at, fresh] = index_.try_emplace(bytes, static_cast<uint32_t>(buffers_.size()));
  if (!fresh) return at->second;
  auto& fbb = builder_.fbb();
  fbb.ForceVectorAlignment(bytes.size(), 1, kAlignment);
  auto data = fbb.CreateVector(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  buffers_.push_back(format::CreateBuffer(fbb, data));
  return at->second;
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<format::Buffer>>> BufferTable::finish() {
  return builder_.fbb().CreateVector(buffers_);
}

}  // namespace narrow
