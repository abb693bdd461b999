#include "tflite/buffers.h"

#include <cstdint>

namespace narrow {
namespace {

/// Data stored after the FlatBuffer. An offset of 0 or 1 means that there is none.
Result<std::span<const std::byte>> outside_data(const SharedBytes& file, const format::Buffer& buffer) {
  uint64_t const offset = buffer.offset(), size = buffer.size();
  if (offset <= 1) return std::span<const std::byte>();
  if (offset > file.size() || size > file.size() - offset)
    return fail(ErrorKind::bad_file, "its data lies beyond the end of the file", {}, "the file may be cut off");
  return file.bytes().subspan(offset, size);
}

}  // namespace

Result<Buffers> Buffers::read(const SharedBytes& file, const format::Model& model) {
  Buffers out;
  if (!model.buffers()) return out;
  for (const format::Buffer* buffer : *model.buffers()) {
    auto data = outside_data(file, *buffer);
    if (!data) return pass(std::move(data), "buffer " + std::to_string(out.buffers_.size()));
    if (auto const* inside = buffer->data(); inside && inside->size() > 0)
      data = std::as_bytes(std::span(inside->data(), inside->size()));
    out.buffers_.emplace_back(file.owner(), *data);
  }
  return out;
}

Result<SharedBytes> Buffers::at(uint32_t index, size_t alignment, Meter& meter) {
  if (index >= buffers_.size()) {
    if (index == 0) return SharedBytes();
    return fail(ErrorKind::bad_file,
                "there is no buffer " + std::to_string(index) + "; the file has " + std::to_string(buffers_.size()));
  }
  SharedBytes& buffer = buffers_[index];
  if (alignment > 1 && reinterpret_cast<uintptr_t>(buffer.data()) % alignment != 0) {
    NARROW_CHECK(meter.take(buffer.size()));
    buffer = SharedBytes::copy_of(buffer.bytes());
  }
  return buffer;
}

}  // namespace narrow
