// DisjointSets: sets that only ever grow together.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

namespace narrow {

/// Disjoint sets of the numbers below n. The smallest member stands for its set, whatever the order of joining.
class DisjointSets {
 public:
  explicit DisjointSets(size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), size_t{0}); }

  size_t root(size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  void join(size_t a, size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<size_t> parent_;
};

}  // namespace narrow
