// One params for each activation, with all that wants equal scales solved together over all graphs.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "calibrate/channel_moments.h"
#include "quantize/plan/placement.h"

namespace narrow {

/// A params, and why it is this one.
struct ChosenParams {
  QuantParams params;
  std::optional<Range> range;                              // of the tensor's own values, where it was asked for
  std::string method;                                      // how that came from statistics
  bool cut = false;                                        // and ends where its readers' results do
  std::string fixed_by;                                    // what prescribes the params; empty where ranges made it
  std::shared_ptr<const std::vector<TensorRef>> together;  // all that share it, in order; this tensor among them
  ParamsRule rule{};                                       // how it follows from their ranges, where it does
};

/// ActivationParams by tensor and width. A tensor lives on one params, its canonical, where a quantized op computes it
/// (or reads it as a model input); others are reached by a QUANTIZE op on the way.
class ActivationParams {
 public:
  explicit ActivationParams(const Model& model);

  /// Where the values of a float tensor are integers between ops; nothing where they are float.
  std::optional<QuantParams> canonical(TensorRef tensor) const;
  /// The params that an op of `bits` wants the tensor on; null where no op does.
  const ChosenParams* at(TensorRef tensor, int bits) const;
  int canonical_bits(TensorRef tensor) const { return canonical_bits_[node(tensor, 8) / 2]; }

  // For who chooses them: nodes are numbered by graph, tensor and width.
  size_t node(TensorRef tensor, int bits) const {
    return (first_[static_cast<size_t>(tensor.graph)] + static_cast<size_t>(tensor.tensor)) * 2 + (bits == 16 ? 1 : 0);
  }
  size_t nodes() const { return chosen_.size(); }
  void set_canonical(TensorRef tensor, int bits) { canonical_bits_[node(tensor, 8) / 2] = bits; }
  void set(size_t node, ChosenParams chosen) { chosen_[node] = std::move(chosen); }

 private:
  std::vector<size_t> first_;        // number of each graph's first tensor
  std::vector<int> canonical_bits_;  // per tensor: 0, 8 or 16
  std::vector<std::optional<ChosenParams>> chosen_;
};

/// The tensor whose params all real operands of a same-scale op are brought to: the op's first float result, or where
/// it has none its first float operand that is not constant; kNoTensor where there is none, and for ops of another
/// rule.
int scale_source(const Graph& graph, const Op& op, int bits);

/// Chooses them. Fixed are the results of ops like LOGISTIC and what the file prescribes. Tensors that ops or links
/// want on one scale share a params unless two are fixed to different ones, or a fixed one does not cover the others'
/// ranges: those are requantized where they are read. A params that is not fixed covers the ranges of all that share
/// it. bad_data where no range is known. `moments` (null where they are not known) are those that the layers' weights
/// will be quantized with.
Result<ActivationParams> choose_activation_params(const Model& model, const Decisions& decisions,
                                                  const RangeOf& range_of, const Recipe& recipe,
                                                  const MomentsByTensor* moments);

}  // namespace narrow
