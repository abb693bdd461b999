// The metadata entry `narrow.arithmetic`, which holds the arithmetic that ops state beyond types and scales.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Name of the entry. Its text is JSON: {"version": 1, "ops": [{"graph": 0, "op": 3, "rounding": "half-up",
/// "accumulator": 64}, ...]}, graphs and ops counted from 0 in the file's order.
inline constexpr const char* kArithmeticEntry = "narrow.arithmetic";

/// Removes the entry from model.metadata, if there is one, and sets Op::arithmetic from it. bad_file where it is
/// malformed or names ops that do not exist; unsupported for another version.
Status take_arithmetic(Model& model);

/// The text of the entry; nothing where no op states its arithmetic.
std::optional<std::string> arithmetic_text(const Model& model);

}  // namespace narrow
