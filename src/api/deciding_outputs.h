// The outputs by whose error models are compared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/model.h"

namespace narrow {

/// The tensors of a float graph whose error decides: its outputs, and instead of those that come from an op with a
/// scale of its own (SOFTMAX), what that op reads: there one step does not move the error of all samples by a decibel.
std::vector<int> deciding_tensors(const Graph& graph);

/// The names of the deciding tensors of a float graph; none where these are its outputs.
std::vector<std::string> deciding_names(const Graph& graph);

/// A model whose graph `entry` gives out the tensors that have these names, where there are any and it has all of them;
/// else as it is.
std::shared_ptr<const Model> giving_out(const Model& model, int entry, const std::vector<std::string>& names);

}  // namespace narrow
