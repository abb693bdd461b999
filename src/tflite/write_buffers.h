// The table of buffers of a .tflite file that is being written.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "tflite/builder.h"

namespace narrow {

class BufferTable {
 public:
  explicit BufferTable(Builder& builder);

  /// Index of the buffer that holds these bytes; 0, the empty one, where there are none. `bytes` must stay alive.
  uint32_t add(std::span<const std::byte> bytes);

  flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<format::Buffer>>> finish();

 private:
  /// By length, then by content.
  struct Less {
    bool operator()(std::span<const std::byte> a, std::span<const std::byte> b) const;
  };
  Builder& builder_;
  std::map<std::span<const std::byte>, uint32_t, Less> index_;
  std::vector<flatbuffers::Offset<format::Buffer>> buffers_;
};

}  // namespace narrow
