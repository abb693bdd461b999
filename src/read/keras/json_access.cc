#include "read/keras/json_access.h"

#include <algorithm>

namespace narrow::keras {
namespace {

constexpr int kMostNesting = 256;

/// How deep brackets are nested outside of strings.
int depth_of(std::string_view text) {
  int depth = 0, most = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (inside) {
      if (c == '\\') ++i;
      if (c == '"') inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return most;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (depth_of(text) > kMostNesting)
    return fail(ErrorKind::bad_file, "the JSON text of the model is nested more than 256 deep");
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return fail(ErrorKind::bad_file, "the description of the model is not JSON text");
  return value;
}

}  // namespace narrow::keras
