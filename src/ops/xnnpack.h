// XNNPACK: the float engine under the heavy ops. Why this library: ARCHITECTURE.md.
#pragma once

#include <xnnpack.h>

#include <memory>

#include "base/result.h"

namespace narrow::xnn {

/// A library operator with its packed weights. It is bound to buffers anew before each run, so one thread uses it.
using Operator = std::shared_ptr<xnn_operator>;

/// Starts the library once; unsupported where this processor lacks what it needs.
Status start();

/// What a create function returned: the operator taken over, or an error naming `what`.
Result<Operator> own(xnn_status status, xnn_operator_t op, const char* what);

/// Runs an operator whose setup returned `setup`, on the calling thread. Throws std::bad_alloc where the library got no
/// memory.
void run(const Operator& op, xnn_status setup);

}  // namespace narrow::xnn
