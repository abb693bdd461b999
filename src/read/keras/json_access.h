// Looking into JSON values that may be of any type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narrow::keras {

using Json = nlohmann::json;

/// The JSON value of `text`; bad_file where it is none or nested more than 256 deep.
Result<Json> parse_json(std::string_view text);

/// The member of that name, or null where `object` is no object or has none.
inline const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  auto const found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

/// The text of that name, or null where there is none.
inline const std::string* text_member(const Json& object, const char* name) {
  const Json* const found = member(object, name);
  return found ? found->get_ptr<const std::string*>() : nullptr;
}

}  // namespace narrow::keras
