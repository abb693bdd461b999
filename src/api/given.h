// What callers must give.
#pragma once

#include "narrow/model.h"

namespace narrow {

/// bad_option where a request has no model; `field` is what it is called there.
inline Status check_given(const ModelPtr& model, const char* field = "model") {
  if (model) return {};
  return refuse(field, std::string("`") + field + "` is null");
}

}  // namespace narrow
