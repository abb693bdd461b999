// Liveness: when the tensors of a graph hold values, its ops being run one after the other.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// The first and the last op that computes or reads a tensor, by index. Inputs are there before the first op (-1),
/// outputs are read after the last one (the number of ops).
struct Lifetime {
  int first = 0;
  int last = -2;  // -2: nothing mentions the tensor
  bool mentioned() const { return last > -2; }
};

/// Whether there is an op during which both hold values.
inline bool meet(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

class Liveness {
 public:
  explicit Liveness(const Graph& graph);

  const Lifetime& of(int tensor) const { return lifetimes_[static_cast<size_t>(tensor)]; }

  /// How many ops have run when a tensor that is not constant gets its values: 0 for inputs.
  size_t birth(int tensor) const { return static_cast<size_t>(of(tensor).first + 1); }

  /// The tensors, constants left out, that hold values after `done` ops which a later op reads or the graph gives, in
  /// rising order.
  std::vector<int> after(size_t done) const;

  /// The bytes that these tensors take for one sample.
  int64_t bytes_after(size_t done) const;

 private:
  const Graph& graph_;
  std::vector<Lifetime> lifetimes_;
};

}  // namespace narrow
