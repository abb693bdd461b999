// Which tensors hold values between two steps of a graph.
#pragma once

#include <vector>

#include "graph/model.h"

namespace narrow {

/// Positions are numbered by the steps done before them: inputs are there at 0, what op i computes at i + 1.
class Liveness {
 public:
  explicit Liveness(const Graph& graph);

  /// Tensors that are there at `position` and that a later op reads or the graph gives, rising.
  std::vector<int> at(size_t position) const;
  /// The position at which a tensor gets its values.
  size_t birth(int tensor) const { return liveness_[static_cast<size_t>(tensor)].from; }
  /// Bytes that the tensors at `position` take for one sample.
  int64_t bytes(size_t position) const;

 private:
  struct Life {
    size_t from = 0;
    size_t to = 0;  // the last position at which it is needed
    int64_t bytes = 0;
    bool computed = false;
  };

  std::vector<Life> liveness_;
};

}  // namespace narrow
