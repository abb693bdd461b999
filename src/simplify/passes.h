// The passes of simplify. Each takes any valid model, looks at all of its graphs and hands over a valid model.
#pragma once

#include <span>

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// Computes ops of constants; what reads or makes integers with a scale stays.
Result<Model> fold_float_constants(Model model);

/// Puts the ops of a graph in the place of a CALL that runs it, or of an IF of a constant condition.
Result<Model> inline_graphs(Model model);

/// Leaves out ops whose result equals their operand bit for bit.
Result<Model> remove_identities(Model model);

/// Turns sums of several floats into sums of two, which have integer forms in every runtime.
Result<Model> split_add_n(Model model);

/// Brings MUL, ADD and SUB by one constant for each channel into the weights and bias of the layer before them: in
/// float64, rounded once.
Result<Model> fold_batch_norm(Model model);

/// Makes a layer between SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND a dilated one, where that needs no padding but SAME or
/// VALID.
Result<Model> fold_dilations(Model model);

/// Lets the op before a RELU or RELU6 apply it.
Result<Model> fuse_activations(Model model);

/// Leaves out ops whose results nobody reads, and tensors that nothing mentions.
Result<Model> drop_unused(Model model);

/// Leaves out graphs that no caller enters and no op runs; none where there is an op that narrow does not know.
Result<Model> drop_graphs(Model model);

struct Pass {
  const char* name;
  Result<Model> (*run)(Model);
};

/// In order of application.
std::span<const Pass> all_passes();

}  // namespace narrow
