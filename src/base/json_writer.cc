#include "base/json_writer.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace narrow {
namespace {

/// In quotes. A value that is one string is taken apart without memory.
std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonWriter& JsonWriter::append(std::string_view token) {
  if (after_value_) text_ += ',';
  text_ += token;
  after_value_ = true;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  append({&bracket, 1});
  after_value_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  text_ += bracket;
  after_value_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  append(quoted(name));
  text_ += ':';
  after_value_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  return append(std::isfinite(number) ? nlohmann::json(number).dump() : "null");
}

JsonWriter& JsonWriter::value(std::string_view text) {
  return append(quoted(text));
}

}  // namespace narrow
