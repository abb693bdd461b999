// support: which runtimes take an op at each width, from the registry of ops and the runtimes' tables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

struct Runtime;  // verify/runtime.h

/// What an op is computed with.
enum class Width : uint8_t { float32, int8, int16x8, dynamic };

/// All widths, and their names as schemes know them.
std::span<const Width> all_widths();
const char* to_string(Width width);

/// Whether narrow makes and runs the op at that width.
bool narrow_has(const OpDef& op, Width width);

/// Whether a runtime with a table takes the op at that width, in some form.
bool runtime_has(const Runtime& runtime, const OpDef& op, Width width);

/// docs/support.md: a row for each op, what runs it at each width.
std::string support_markdown();

}  // namespace narrow
