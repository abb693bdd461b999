// Sizes on the command line: "65536", "64k", "1M".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "narrow/result.h"

namespace narrow {

/// Bytes, k being 1024 and M 1024 * 1024; nothing where `text` is empty. bad_option where it is no such size, which
/// names `option`.
Result<std::optional<int64_t>> byte_count(const char* option, const std::string& text);

}  // namespace narrow
