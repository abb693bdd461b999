// Forms in which files store values and narrow does not compute: sparse, packed, unsigned. They are replaced by plain
// ones that stand for the same numbers, before a model is run or quantized.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "graph/model.h"

namespace narrow {

/// A model in plain forms, and a sentence about each kind of change that it took.
struct PlainModel {
  Model model;
  std::vector<std::string> changes;
};

/// `model` with
///   - constants that are stored sparse or quantized in blocks unfolded (Passthrough::unfolded), and DENSIFY removed;
///   - weights of 4 and 2 bits as int8, their integers and scales unchanged;
///   - uint8 values that integer ops compute with as int8: integers and zero points less by 128, so the same real
///     numbers. Inputs and outputs of the model stay uint8, with a QUANTIZE beside them that moves integers by 128;
///   - 8-bit weights whose zero point their kernels do not know as int8 or, where the differences from the zero point
///     leave 8 bits, int16 without one;
///   - ops that the file holds as custom ops of other names (graph/stored_name.h) under their own.
/// Indices of inputs and outputs may change; other tensors keep theirs. What cannot be replaced stays as it is and
/// fails where it is computed. Errors: bad_file for a damaged form, limit_exceeded where constants would grow beyond
/// what the file's size warrants.
Result<PlainModel> in_plain_forms(Model model);

/// The steps of in_plain_forms. Each adds a sentence to `changes` if it changed anything.
Status unfold_constants(PlainModel& plain);
void unpack_weights(PlainModel& plain);
void make_signed(PlainModel& plain);
void center_weights(PlainModel& plain);
void use_builtin_names(PlainModel& plain);

}  // namespace narrow
