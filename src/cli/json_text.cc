#include "cli/json_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace narrow {

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void print_json(const nlohmann::ordered_json& value) {
  std::puts(json_text(value).c_str());
}

void print_json(const JsonWriter& value) {
  std::puts(value.text().c_str());
}

Status write_json(const std::string& path, const JsonWriter& value) {
  std::string const text = value.text() + "\n";
  return write_file_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace narrow
