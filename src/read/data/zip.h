// The members of a .zip file, as far as .npz needs them: stored and deflated, with zip64.
#pragma once

#include <string>
#include <vector>

#include "read/data/byte_source.h"

namespace narrow {

struct ZipMember {
  std::string name;
  SharedSource bytes;  // expanded
};

/// All members in the order of the directory. Refused: encrypted members, other compression methods, names that
/// occur twice, members that expand more than 1,032-fold (deflate cannot), anything outside the file.
/// Source: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (end records), 4.5.3.
Result<std::vector<ZipMember>> read_zip(const SharedSource& file);

}  // namespace narrow
