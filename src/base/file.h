// Whole files: in, as bytes; out, whole or not at all.
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

namespace narrow {

/// The bytes of a regular file, aligned as a page is. They are a copy: what becomes of the file afterwards is nothing
/// to whoever uses them. Errors: io with the system's reason, or where the file becomes shorter while it is read;
/// limit_exceeded for a file larger than `most_bytes`.
Result<SharedBytes> read_file(const std::string& path, int64_t most_bytes = limits_in_force().file_bytes);

/// Puts `bytes` into a new file that takes its name once it is whole; what had the name before stays until then, and
/// stays for good where anything fails. io with the system's reason.
Status write_file_atomically(const std::string& path, std::span<const std::byte> bytes);

}  // namespace narrow
