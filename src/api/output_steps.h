// The outputs of a model, and how much of its error their own steps make up.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/model.h"
#include "quantize/recipe/recipe.h"

namespace narrow {

/// The tensors of a float graph whose error decides between chains: its outputs, and instead of those that come from an
/// op with a scale of its own (SOFTMAX), what that op reads: there one step does not move the error of all samples by a
/// decibel.
std::vector<int> deciding_tensors(const Graph& graph);

/// A model whose graph `entry` gives out the tensors that have these names, where there are any and it has all of them;
/// else as it is.
std::shared_ptr<const Model> giving_out(const Model& model, int entry, const std::vector<std::string>& names);

/// The float model, giving out `tensors` of graph `entry` rounded to the steps that they have in `quantized`, with no
/// other error. Null where one of them has no 8-bit steps there.
std::shared_ptr<const Model> rounded_alone(const Model& model, int entry, const std::vector<int>& tensors,
                                           const Model& quantized);

/// Rules by which the ops that compute the outputs of a float graph, back to the last one whose result has a range of
/// its own, compute with 16-bit activations. None where one of them has no such form.
std::vector<Rule> wide_output_rules(const Graph& graph);

}  // namespace narrow
