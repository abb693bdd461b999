// The model with ops in the place of the chains that were found in it.
#pragma once

#include <optional>

#include "graph/model.h"
#include "simplify/recurrent/chains.h"
#include "simplify/recurrent/trace.h"

namespace narrow {

struct TracedModel {
  const Model& model;
  const Trace& trace;
  bool free_batch = false;  // the number of samples is free in the model
};

/// The settled model with an op for each chain whose steps nothing else depends on, other than by what it gives;
/// nothing where there is none.
std::optional<Model> replace_chains(const TracedModel& traced, const std::vector<Chain>& chains);

}  // namespace narrow
