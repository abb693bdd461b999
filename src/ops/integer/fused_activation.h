// Access to what an op applies to its result, whatever struct its attributes are.
#pragma once

#include "graph/model.h"
#include "ops/def/attributes.h"

namespace narrow {

/// The fused activation of an op that runtimes compute one for, or null.
Activation* fused_activation(Op& op);

/// What an op's attributes say that it applies to its result, whether runtimes compute it or not.
Activation stated_activation(const Op& op);

}  // namespace narrow
