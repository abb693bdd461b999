// support: which runtimes take an op at each width, from the registry of ops and the runtimes' tables.
#pragma once

#include "narrow/types.h"
#include "ops/def/op_def.h"

namespace narrow {

struct RuntimeDef;  // verify/runtime.h

/// Whether narrow makes and runs the op at that width.
bool narrow_has(const OpDef& op, Width width);

/// Whether a runtime with a table takes the op at that width, in some form.
bool runtime_has(const RuntimeDef& runtime, const OpDef& op, Width width);

}  // namespace narrow
