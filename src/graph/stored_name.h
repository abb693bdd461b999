// Ops that a file holds as custom ops, under names of their own.
#pragma once

#include <string>
#include <utility>

#include "graph/model.h"

namespace narrow {

/// What an op carries that was read from a custom op of another name, which runtimes may not know.
struct StoredName : Passthrough {
  std::string name;
  explicit StoredName(std::string n) : name(std::move(n)) {}
};

/// The name that the op has in the file it was read from: that of the custom op, or else Op::type.
inline const std::string& stored_name(const Op& op) {
  auto const* stored = dynamic_cast<const StoredName*>(op.passthrough.get());
  return stored ? stored->name : op.type;
}

}  // namespace narrow
