// One grid for each activation, with all that wants equal scales solved together over all graphs.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "calibrate/channel_moments.h"
#include "quantize/decide.h"

namespace narrow {

/// A grid, and why it is this one.
struct ChosenGrid {
  Grid grid;
  std::optional<Range> range;                              // of the tensor's own values, where it was asked for
  std::string method;                                      // how that came from statistics
  bool cut = false;                                        // and ends where its readers' results do
  std::string fixed_by;                                    // what prescribes the grid; empty where ranges made it
  std::shared_ptr<const std::vector<TensorRef>> together;  // all that share it, in order; this tensor among them
  GridForm form{};                                         // how it follows from their ranges, where it does
};

/// Grids by tensor and width. A tensor lives on one grid, its home, where a quantized op computes it (or reads it as
/// a model input); others are reached by a QUANTIZE op on the way.
class Grids {
 public:
  explicit Grids(const Model& model);

  /// Where the values of a float tensor are integers between ops; nothing where they are float.
  std::optional<Grid> home(TensorRef tensor) const;
  /// The grid that an op of `bits` wants the tensor on; null where no op does.
  const ChosenGrid* at(TensorRef tensor, int bits) const;
  int home_bits(TensorRef tensor) const { return home_bits_[node(tensor, 8) / 2]; }

  // For who chooses them: nodes are numbered by graph, tensor and width.
  size_t node(TensorRef tensor, int bits) const {
    return (first_[static_cast<size_t>(tensor.graph)] + static_cast<size_t>(tensor.tensor)) * 2 + (bits == 16 ? 1 : 0);
  }
  size_t nodes() const { return chosen_.size(); }
  void set_home(TensorRef tensor, int bits) { home_bits_[node(tensor, 8) / 2] = bits; }
  void set(size_t node, ChosenGrid chosen) { chosen_[node] = std::move(chosen); }

 private:
  std::vector<size_t> first_;   // number of each graph's first tensor
  std::vector<int> home_bits_;  // per tensor: 0, 8 or 16
  std::vector<std::optional<ChosenGrid>> chosen_;
};

/// The tensor whose grid all real operands of a same-scale op are brought to: the op's first float result, or where it
/// has none its first float operand that is not constant; kNoTensor where there is none, and for ops of another rule.
int ruling_result(const Graph& graph, const Op& op, int bits);

/// Chooses them. Fixed are the results of ops like LOGISTIC and what the file prescribes. Tensors that ops or links
/// want on one scale share a grid unless two are fixed to different ones, or a fixed one does not cover the others'
/// ranges: those are requantized where they are read. A grid that is not fixed covers the ranges of all that share it.
/// bad_data where no range is known. `moments` (null where they are not known) are those that the layers' weights will
/// be quantized with.
Result<Grids> choose_grids(const Model& model, const Decisions& decisions, const RangeOf& range_of,
                           const Recipe& recipe, const MomentsByTensor* moments);

}  // namespace narrow
