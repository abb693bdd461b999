// Whether the integer ops of a rewritten model have kernels: some kernels take only some scales, which are known late.
#pragma once

#include "quantize/rewrite/rewrite.h"

namespace narrow {

/// Why no kernel of the first profile computes the op; empty where one does.
std::string kernel_refusal(const Graph& graph, const Op& op);

/// The ops of the source that cannot be what was decided: no kernel takes their integer form, or converts an operand
/// for it; and integer ops of the source that had a kernel there. `rewritten` and `trace` are what rewrite has made.
Refusals find_refusals(const Model& source, const Model& rewritten, const Decisions& decisions, const Trace& trace);

}  // namespace narrow
