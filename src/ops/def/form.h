// Forms of one op in a profile.
#pragma once

#include "ops/def/op_def.h"

namespace narrow {

/// The form for results of `dtype`; unsupported where the runtime has no kernel or misreads its operands.
Result<Form> form_for(const Forms& forms, DType dtype);

}  // namespace narrow
