// The metadata entry `narrow.stateless`, which says of states that the format keeps in variables that samples begin
// with zeros all the same.
#pragma once

#include <optional>

#include "graph/model.h"

namespace narrow {

/// Name of the entry. Its text is JSON: {"version": 1, "operands": [[0, 3, 18], ...]}: operand 18 of op 3 of graph 0,
/// all counted from 0 in the file's order.
inline constexpr const char* kStatelessEntry = "narrow.stateless";

/// A model as the format demands it, and the text of the entry.
struct CompletedModel {
  Model model;
  std::string stateless;
};

/// The model with a variable for each state that its ops leave out and the format demands, and the entry that lists
/// these; nothing where no op leaves one out. Runtimes that do not know the entry keep what such variables hold from
/// one run to the next, until they are told to reset them.
std::optional<CompletedModel> with_variables_for_states(const Model& model);

/// Removes the entry from model.metadata, if there is one, and the operands that it lists from their ops. Operands for
/// states are listed, as kNoTensor where an op has none, so that a model is the same whichever way a file says so.
/// bad_file where it is malformed or lists what is no variable; unsupported for another version.
Status take_stateless(Model& model);

}  // namespace narrow
