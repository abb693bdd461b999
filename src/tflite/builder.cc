#include "tflite/builder.h"

#include <algorithm>

namespace narrow {

std::vector<Bytes>::iterator BytesAllocator::block_of(const uint8_t* p) {
  auto const* at = reinterpret_cast<const std::byte*>(p);
  return std::find_if(blocks_.begin(), blocks_.end(),
                      [&](const Bytes& b) { return at >= b.data() && at <= b.data() + b.size(); });
}

uint8_t* BytesAllocator::allocate(size_t size) {
  blocks_.emplace_back(size);
  return reinterpret_cast<uint8_t*>(blocks_.back().data());
}

void BytesAllocator::deallocate(uint8_t* p, size_t) {
  if (auto block = block_of(p); block != blocks_.end()) blocks_.erase(block);
}

Bytes BytesAllocator::take(const uint8_t* begin, size_t size) {
  auto const block = block_of(begin);
  Bytes out = std::move(*block);
  blocks_.erase(block);
  auto const skip = reinterpret_cast<const std::byte*>(begin) - out.data();
  out.erase(out.begin(), out.begin() + skip);
  out.resize(size);
  return out;
}

Bytes Builder::finish(flatbuffers::Offset<format::Model> model) {
  format::FinishModelBuffer(fbb_, model);
  Bytes out = allocator_.take(fbb_.GetBufferPointer(), fbb_.GetSize());
  vectors_.clear();
  tables_.clear();
  return out;
}

}  // namespace narrow
