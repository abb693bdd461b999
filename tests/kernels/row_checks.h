// What holds of the field table of a kernel's parameters.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "rows/kernel.h"

namespace narrow {

inline size_t aligned(size_t at, size_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

/// The fields cover the struct without gaps other than those that alignment asks for.
inline void expect_whole(const ParamTable& table) {
  std::vector<ParamField> fields(table.fields.begin(), table.fields.end());
  std::sort(fields.begin(), fields.end(), [](const ParamField& a, const ParamField& b) { return a.offset < b.offset; });
  size_t end = 0, most = 1;
  for (const ParamField& f : fields) {
    size_t const size = f.pointer ? sizeof(void*) : element_size(f.type);
    EXPECT_EQ(f.offset, aligned(end, size)) << table.name << "." << f.name;
    end = f.offset + f.count * size;
    most = std::max(most, size);
  }
  EXPECT_EQ(table.size, aligned(end, most)) << table.name;
}

}  // namespace narrow
