// The metadata entry `narrow.arithmetic`: what ops say of their arithmetic beyond types and scales.
#pragma once

#include "graph/model.h"

namespace narrow {

/// Name of the entry. Its text is JSON: {"version": 1, "ops": [{"graph": 0, "op": 3, "rounding": "half-up",
/// "accumulator": 64}, ...]}, graphs and ops counted from 0 in the file's order.
inline constexpr const char* kArithmeticEntry = "narrow.arithmetic";

/// Takes the entry out of model.metadata, if it is there, and gives its ops what it says. bad_file where it cannot be
/// understood or names ops that are not there; unsupported for another version.
Status take_arithmetic(Model& model);

/// The entry's text; nothing where no op says anything.
std::optional<std::string> arithmetic_text(const Model& model);

}  // namespace narrow
