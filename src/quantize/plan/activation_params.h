// ActivationParams: the quantization parameters of all activations of a model.
//
// They are one constraint problem over all graphs, solved in steps, each a function with a value as its result:
//   find_widths      which tensors are integers, at which widths (tensor_widths.h)
//   tensor_ranges    the range of each by itself (tensor_ranges.h)
//   fixed_params     what ops and the file prescribe (params_groups.h)
//   group_params     which tensors share parameters (params_groups.h)
//   params_rules     how the parameters of a group follow from its range
//   assign_params    the parameters
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "quantize/plan/params_groups.h"

namespace narrow {

/// The quantization parameters of a tensor at a width, and why they are what they are.
struct ChosenParams {
  QuantParams params;
  TensorRange own;       // the range of the tensor by itself
  std::string fixed_by;  // what prescribes the parameters; empty where they follow from ranges
  std::shared_ptr<const std::vector<TensorRef>> together;  // all tensors that share them, in order, this one included
  ParamsRule rule{};  // how they follow from the range of these tensors; without meaning where they are fixed
};

/// The parameters of all tensors by width. Those at a tensor's canonical width are its canonical parameters: the tensor
/// itself is stored with them. An op that needs others reads a requantized copy.
class ActivationParams {
 public:
  explicit ActivationParams(TensorWidths widths) : widths_(std::move(widths)), chosen_(widths_.nodes()) {}

  /// The canonical parameters of a tensor; nothing where it stays float.
  std::optional<QuantParams> canonical(TensorRef tensor) const;
  int canonical_bits(TensorRef tensor) const { return widths_.canonical_bits(tensor); }

  /// The parameters with which ops of `bits` want the tensor; null where there are no such ops.
  const ChosenParams* at(TensorRef tensor, int bits) const;

  void set(size_t node, ChosenParams chosen) { chosen_[node] = std::move(chosen); }

 private:
  TensorWidths widths_;
  std::vector<std::optional<ChosenParams>> chosen_;  // by node
};

/// By root of a group: how its parameters follow from its range. They are in Qm.n, or have headroom, where an op that
/// touches the group asks for it; headroom ends where no value of the group can be (value_bounds).
std::vector<ParamsRule> params_rules(const PlacedModel& placed, const TensorWidths& widths, ParamsGroups& groups);

/// Parameters for all used nodes: those that are fixed, and those that `rules` make of the union of the ranges of a
/// group. bad_data, naming the tensor, where no range is known or one is not finite.
Result<ActivationParams> assign_params(const PlacedModel& placed, const TensorWidths& widths,
                                       const std::vector<TensorRange>& ranges, ParamsGroups& groups,
                                       const std::vector<ParamsRule>& rules);

/// All steps. `moments` (null where they are not known) are those with which weights will be quantized: in Qm.n the
/// result of a layer is a right shift of its sums, so a scale finer than that of the sums gains nothing, and the group
/// of the result gets the scale of the sums at least. Errors: those of `range_of` and of assign_params.
Result<ActivationParams> choose_activation_params(const PlacedModel& placed, const RangeOf& range_of,
                                                  const Recipe& recipe, const MomentsByTensor* moments);

}  // namespace narrow
