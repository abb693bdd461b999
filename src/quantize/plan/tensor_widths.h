// TensorWidths: at which widths the float tensors of a model are needed as integers.
#pragma once

#include <vector>

#include "quantize/plan/placed_model.h"

namespace narrow {

/// Numbers the pairs of a tensor and a width (8 or 16 bits), the nodes of the problem that choose_activation_params
/// solves.
class NodeIndex {
 public:
  explicit NodeIndex(const Model& model);

  size_t node(TensorRef tensor, int bits) const {
    return (first_[static_cast<size_t>(tensor.graph)] + static_cast<size_t>(tensor.tensor)) * 2 + (bits == 16 ? 1 : 0);
  }
  static int bits(size_t node) { return node % 2 ? 16 : 8; }
  size_t nodes() const { return 2 * tensors_; }

 private:
  std::vector<size_t> first_;  // number of each graph's first tensor
  size_t tensors_ = 0;
};

class TensorWidths : public NodeIndex {
 public:
  explicit TensorWidths(const Model& model);

  /// The width at which a tensor is computed, or given by callers; 0 where it is float. Ops of another width read a
  /// requantized copy.
  int canonical_bits(TensorRef tensor) const { return canonical_[node(tensor, 8) / 2]; }
  void set_canonical(TensorRef tensor, int bits) { canonical_[node(tensor, 8) / 2] = bits; }

  /// Whether an op computes or reads the tensor of a node at its width.
  bool used(size_t node) const { return tensors_[node].tensor != kNoTensor; }
  void use(TensorRef tensor, int bits) { tensors_[node(tensor, bits)] = tensor; }
  /// The tensor of a used node.
  TensorRef tensor(size_t node) const { return tensors_[node]; }

 private:
  std::vector<int> canonical_;
  std::vector<TensorRef> tensors_;
};

/// From the placement of the ops and the widths of tied groups.
TensorWidths find_widths(const PlacedModel& placed);

}  // namespace narrow
