// The passes of simplify. Each takes a valid model and returns a valid one, with all graphs simplified.
#pragma once

#include <span>

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// Computes ops whose operands are all constant, but for those that read or make integers with scales, and what follows
/// from the fixed dimensions of shapes.
Result<Model> fold_float_constants(Model model);

/// Replaces infinities, and values beyond +-2^96, in constants that ops compute with (not in weights and biases) by
/// +-2^96. As masks and pads they act the same, and what is computed of them stays finite.
Result<Model> bound_constants(Model model);

/// Replaces a CALL, and an IF with a constant condition, by the ops of the graph that it runs.
Result<Model> inline_graphs(Model model);

/// Removes ops whose result equals their operand bit for bit.
Result<Model> remove_identities(Model model);

/// Replaces ADD_N over several floats by ADDs of two, which every runtime can compute in integers.
Result<Model> split_add_n(Model model);

/// Replaces NEG of floats by MUL with -1, which gives the same and has integer kernels everywhere.
Result<Model> replace_negation(Model model);

/// Folds MUL, ADD and SUB with one constant for each channel, which batch normalization becomes, into the weights and
/// bias of the layer before them. Computed in float64 and rounded once.
Result<Model> fold_batch_norm(Model model);

/// Replaces a layer between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND by a dilated one, where that has SAME or VALID
/// padding.
Result<Model> fold_dilations(Model model);

/// Fuses RELU and RELU6 into the op before them.
Result<Model> fuse_activations(Model model);

/// Removes ops whose results nobody reads, and tensors that nothing mentions.
Result<Model> drop_unused(Model model);

/// Removes graphs that no caller enters and no op runs. Removes none where there is an op that narrow does not know,
/// because it may run any.
Result<Model> drop_graphs(Model model);

struct Pass {
  const char* name;
  Result<Model> (*run)(Model);
};

/// In order of application.
std::span<const Pass> all_passes();

}  // namespace narrow
