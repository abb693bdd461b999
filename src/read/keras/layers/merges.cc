// Layers of several inputs.
#include <algorithm>

#include "ops/arithmetic/arithmetic.h"
#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/keras/layer.h"

namespace narrow::keras {
namespace {

/// The inputs, at least two of the same number of dimensions.
Result<std::vector<int>> merged_inputs(Layer& layer) {
  if (layer.inputs().size() < 2) return fail(ErrorKind::bad_file, "the layer is called with one input only");
  for (int const t : layer.inputs())
    if (layer.shape(t).rank() != layer.shape(layer.inputs()[0]).rank())
      return fail(ErrorKind::unsupported, "its inputs have different numbers of dimensions");
  return layer.inputs();
}

/// The inputs, at least two; those of fewer dimensions get dimensions of 1 behind that of samples, as Keras does it.
Result<std::vector<int>> aligned_inputs(Layer& layer) {
  std::vector<int> inputs = layer.inputs();
  if (inputs.size() < 2) return fail(ErrorKind::bad_file, "the layer is called with one input only");
  int most = 0;
  for (int const t : inputs) most = std::max(most, layer.shape(t).rank());
  for (int& t : inputs)
    while (layer.shape(t).rank() < most) {
      if (layer.shape(t).rank() == 0) return fail(ErrorKind::bad_file, "an input is a single number without samples");
      NARROW_TRY(t, layer.widened(t));
    }
  return inputs;
}

/// One input after the other.
Result<int> build_chain(Layer& layer) {
  NARROW_TRY(std::vector<int> const inputs, aligned_inputs(layer));
  int y = inputs[0];
  for (size_t i = 1; i < inputs.size(); ++i) {
    NARROW_TRY(y, layer.add(*find_op(layer.rule().op), {}, {y, inputs[i]}));
  }
  return y;
}

Result<int> build_subtract(Layer& layer) {
  if (layer.inputs().size() != 2) return fail(ErrorKind::bad_file, "the layer does not have two inputs");
  return build_chain(layer);
}

Result<int> build_average(Layer& layer) {
  NARROW_TRY(int const sum, build_chain(layer));
  return layer.add(kDiv, DivAttributes{}, {sum, layer.scalar("count", static_cast<float>(layer.inputs().size()))});
}

Result<int> build_concatenate(Layer& layer) {
  NARROW_TRY(std::vector<int> inputs, merged_inputs(layer));
  NARROW_TRY(int const at, layer.integer("axis", -1));
  NARROW_TRY(Axis const axis, Axis::resolve(at, layer.shape(inputs[0]).rank()));
  return layer.add(kConcatenation, ConcatenationAttributes{.axis = axis.index()}, std::move(inputs));
}

/// Products of matrices, or of one vector with another.
Result<int> build_dot(Layer& layer) {
  NARROW_TRY(std::vector<int> const inputs, merged_inputs(layer));
  if (inputs.size() != 2) return fail(ErrorKind::bad_file, "the layer does not have two inputs");
  NARROW_CHECK(layer.refuse_if_set("normalize"));
  NARROW_TRY(std::vector<int> axes, layer.integers("axes"));
  if (axes.size() == 1) axes.push_back(axes[0]);
  int const rank = layer.shape(inputs[0]).rank();
  if (axes.size() != 2 || rank < 2 || rank > 3) return layer.refused("axes");
  NARROW_TRY(Axis const a, Axis::resolve(axes[0], rank));
  NARROW_TRY(Axis const b, Axis::resolve(axes[1], rank));
  if (a.index() == 0 || b.index() == 0) return layer.refused("axes");
  if (rank == 3)
    return layer.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_a = a.index() == 1, .adjoint_b = b.index() == 2},
                     inputs);
  NARROW_TRY(int const product, layer.add(kMul, MulAttributes{}, inputs));
  return layer.add(kSum, ReduceAttributes{true}, {product, layer.indices("axes", {1})});
}

constexpr LayerRule kMergeLayers[] = {
    {"Add", build_chain, "ADD"},         {"Average", build_average, "ADD"},
    {"Concatenate", build_concatenate},  {"Dot", build_dot},
    {"Maximum", build_chain, "MAXIMUM"}, {"Minimum", build_chain, "MINIMUM"},
    {"Multiply", build_chain, "MUL"},    {"Subtract", build_subtract, "SUB"},
};

}  // namespace

std::span<const LayerRule> merge_layers() {
  return kMergeLayers;
}

}  // namespace narrow::keras
