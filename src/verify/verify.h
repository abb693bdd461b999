// verify: will a runtime take a model? Op by op against what the runtime's kernels accept.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/model.h"
#include "narrow/verify.h"

namespace narrow {

struct RuntimeDef;  // verify/runtime.h

/// Everything found, the model as a whole first, then in order of graphs and ops. Empty: the runtime takes the model.
/// The model is validated.
std::vector<Finding> verify(const Model& model, const RuntimeDef& runtime);

/// All runtimes: tflm, litert, cmsis-nn, edgetpu, narrow.
std::span<const RuntimeDef* const> all_runtimes();

/// The runtime of that name, or null.
const RuntimeDef* find_runtime(std::string_view name);

}  // namespace narrow
