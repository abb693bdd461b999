// Whether the integer ops of a rewritten model have kernels. Some kernels take some scales only, and scales are known
// only then.
#pragma once

#include "quantize/rewrite/rewrite.h"

namespace narrow {

/// Why no kernel of the first profile computes the op; empty where one does.
std::string kernel_refusal(const Graph& graph, const Op& op);

/// The ops of the source that cannot be integer as decided, with the reason: no kernel computes them with the integers
/// that they got, or converts an operand for them. Also integer ops of the source that had a kernel and have none any
/// more. `rewritten` and `trace` are results of rewrite().
Refusals find_refusals(const Model& source, const Model& rewritten, const Decisions& decisions, const Trace& trace);

}  // namespace narrow
