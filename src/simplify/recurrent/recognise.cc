#include "simplify/recurrent/recognise.h"

#include <algorithm>
#include <map>

#include "graph/free_dimensions.h"
#include "ops/check/validate.h"
#include "ops/control/control.h"
#include "ops/layers/layers.h"
#include "simplify/recurrent/rewrite.h"

namespace narrow {
namespace {

/// Whether several layers have the same weights, as unrolled steps do.
bool repeats_layers(const Graph& graph) {
  std::map<size_t, std::vector<int>> by_size;
  for (const Op& op : graph.ops) {
    if (op.def != &kFullyConnected) continue;
    const Tensor& w = graph.tensor(op.inputs[1]);
    if (!w.constant || w.dtype != DType::float32) continue;
    auto& others = by_size[w.data.size()];
    for (int t : others)
      if (t == op.inputs[1] ||
          std::equal(w.data.bytes().begin(), w.data.bytes().end(), graph.tensor(t).data.bytes().begin()))
        return true;
    others.push_back(op.inputs[1]);
  }
  return false;
}

bool may_hold_layers(const Model& model) {
  const Graph& main = model.main();
  auto const is_loop = [](const Op& op) { return op.def == &kWhile; };
  return std::any_of(main.ops.begin(), main.ops.end(), is_loop) || repeats_layers(main);
}

bool has_free_batch(const Model& model) {
  const Graph& main = model.main();
  return std::any_of(main.inputs.begin(), main.inputs.end(), [&](int t) {
    auto const& dims = main.tensor(t).shape_signature;
    return !dims.empty() && dims[0] == -1;
  });
}

/// The model with two samples in a run, so that what belongs to different samples can be told apart. Nothing where its
/// shapes cannot be worked out.
std::optional<Model> with_two_samples(const Model& model) {
  Model sized = model;
  for (int t : model.main().inputs) {
    const Tensor& input = model.main().tensor(t);
    if (input.shape_signature.empty() || input.shape_signature[0] != -1) continue;
    std::vector<int64_t> dims(input.shape.dims().begin(), input.shape.dims().end());
    dims[0] = 2;
    resize_input(sized, 0, t, dims);
  }
  if (!settle(sized)) return std::nullopt;
  return sized;
}

/// The model with the layers that are found if a run has `rows` samples; nothing where there are none. `sized` is the
/// model with that number of samples.
std::optional<Model> with_layers(const Model& model, const Model& sized, int rows, bool free_batch) {
  auto const traced = trace(sized, rows);
  if (!traced) return std::nullopt;
  std::vector<Chain> const chains = find_chains(traced->expressions);
  if (chains.empty()) return std::nullopt;
  return replace_chains({.model = model, .trace = *traced, .free_batch = free_batch}, chains);
}

/// The same for a model without free dimensions, whose shapes may not be known.
std::optional<Model> with_layers_of_open(const Model& model, int rows) {
  auto const traced = trace(model, rows);
  if (!traced) return std::nullopt;
  std::vector<Chain> const chains = find_chains(traced->expressions);
  if (chains.empty()) return std::nullopt;
  Model closed = model;
  for (size_t t = 0; t < closed.main().tensors.size(); ++t) {
    Tensor& tensor = closed.main().tensors[t];
    if (!traced->tensors[t].shape || tensor.known()) continue;
    tensor.shape = *traced->tensors[t].shape;
    tensor.shape_signature.clear();
    tensor.unranked = false;
  }
  return replace_chains({.model = closed, .trace = *traced, .free_batch = false}, chains);
}

int rows_of(const Model& model) {
  const Shape& input = model.main().tensor(model.main().inputs[0]).shape;
  return input.rank() > 0 ? std::max(input[0], 1) : 1;
}

}  // namespace

Model recognise_loops(Model model) {
  if (model.main().inputs.empty() || !may_hold_layers(model) || has_free_inputs(model, 1)) return model;
  if (has_free_batch(model)) {
    auto const sized = with_two_samples(model);
    if (!sized) return model;
    auto found = with_layers(model, *sized, 2, true);
    return found ? std::move(*found) : std::move(model);
  }
  int const rows = rows_of(model);
  auto found = with_layers(model, model, rows, false);
  if (!found && rows > 1) found = with_layers(model, model, 1, false);
  return found ? std::move(*found) : std::move(model);
}

std::optional<Model> recognise_open_loops(Model model) {
  if (model.main().inputs.empty() || !may_hold_layers(model) || has_free_inputs(model)) return std::nullopt;
  int const rows = rows_of(model);
  auto found = with_layers_of_open(model, rows);
  if (!found && rows > 1) found = with_layers_of_open(model, 1);
  return found;
}

}  // namespace narrow
