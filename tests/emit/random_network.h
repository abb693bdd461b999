// Random networks in integers, for tests of what is emitted.
#pragma once

#include <optional>

#include "quantize/accuracy.h"
#include "quantize/random_graph.h"

namespace narrow {

/// The schemes whose models can become C, in turn.
inline constexpr const char* kIntegerSchemes[] = {"int8", "int16x8", "int16", "q7", "q15"};

/// A random graph, quantized by a scheme with inputs and outputs in its own type and, where asked for, weights of 4
/// bits (Tensor::four_bits); nothing where the scheme has no form for an op of it, or the graph has no ops.
inline std::optional<Model> random_network(Random& r, const char* scheme, bool four_bits = false) {
  constexpr int kSamples = 4;
  Model const model = RandomGraph(r).model();
  if (model.main().ops.empty()) return std::nullopt;
  Values inputs(1);
  inputs[0].resize(static_cast<size_t>(model.main().tensor(model.main().inputs[0]).elements()) * kSamples);
  for (float& v : inputs[0]) v = static_cast<float>(r.real(-2, 2));
  ModelRun const measured = run_model(model, inputs, kSamples);
  QuantizeOptions options;
  options.scheme = find_scheme(scheme);
  options.recipe = recipe_of(*options.scheme);
  if (four_bits) options.recipe.base.weights = 4;
  auto quantized = quantize(
      model, [&](TensorRef t, const std::string&, int) -> Result<Range> { return measured.ranges.at(t); }, options);
  if (!quantized) return std::nullopt;
  return std::move(quantized->model);
}

}  // namespace narrow
