#include "cli/json_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace narrow {

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void print_json(const nlohmann::ordered_json& value) {
  std::puts(json_text(value).c_str());
}

}  // namespace narrow
