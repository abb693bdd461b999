// DisjointSets: a partition of numbers into sets that can be joined (union-find).
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

namespace narrow {

/// Sets of the numbers below n, at first of one number each. The smallest member represents its set, whatever the order
/// of joining.
class DisjointSets {
 public:
  explicit DisjointSets(size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), size_t{0}); }

  size_t root(size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  bool same(size_t a, size_t b) { return root(a) == root(b); }
  void join(size_t a, size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<size_t> parent_;
};

}  // namespace narrow
