// A model's constants as C99: NAME_weights.h and NAME_weights.c, or a header of #defines alone.
#pragma once

#include <string>
#include <vector>

#include "base/new_folder.h"
#include "emit/constants/constants.h"

namespace narrow {

struct HeaderOptions {
  std::string name;      // an identifier: what files, arrays and, in capitals, macros begin with
  bool defines = false;  // lists as macros, for pasting into existing projects, and no .c
};

/// Writes the files into `folder`: a section for each op with its sizes, zero points, factors and constants, then the
/// constants that no op reads. Arrays have lower-case names and macros upper-case ones, so that they cannot meet.
Status write_header(const Model& model, const std::vector<Constant>& constants, const HeaderOptions& options,
                    NewFolder& folder);

}  // namespace narrow
