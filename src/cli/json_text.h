// JSON as it is printed and written to files.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/json_writer.h"
#include "narrow/result.h"

namespace narrow {

/// One line without its newline. NaN and infinities become null; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value);

/// Prints it to standard output, with a newline.
void print_json(const nlohmann::ordered_json& value);
void print_json(const JsonWriter& value);

/// Writes it to a file, with a newline; the file appears whole or not at all.
Status write_json(const std::string& path, const JsonWriter& value);

}  // namespace narrow
