// Values that are known before a model runs: those of ops whose operands are known.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "graph/model.h"
#include "ops/def/profile.h"

namespace narrow {

/// The values of an op's results, in order, computed by the portable kernels of a profile, so that they do not depend
/// on the machine. The op can be computed (check_computable), and its operands are known or it does not read their
/// values. Errors are those of lowering and running it.
Result<std::vector<Bytes>> evaluate(const Graph& graph, const Op& op,
                                    const ProfileDef& profile = all_profiles().front());

/// Gives the results of an op their values for the shapes as they are, where those follow from shapes alone and are
/// few, as sizes, positions and repetitions are (Tensor::from_shapes). The op has been validated. `budget` is how many
/// bytes of such values the model may still get.
void evaluate_from_shapes(Graph& graph, const Op& op, int64_t& budget);

}  // namespace narrow
