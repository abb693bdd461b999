// History: the positions that a graph remembers from run to run, each in a variable of its own.
#pragma once

#include <span>

#include "ops/build/graph_builder.h"

namespace narrow {

/// Adds to graph 0 of a builder; what variables begin with is assigned in graph 1.
class History {
 public:
  explicit History(GraphBuilder& b) : b_(b) {}

  /// A tensor that holds the last `back` positions of earlier runs before those of `tensor` along `axis`. `fill` is one
  /// element, with which they begin.
  Result<int> with_past(int tensor, int axis, int32_t back, std::span<const std::byte> fill);

  /// `size` positions of a tensor along `axis`, from `begin` on; the tensor itself where that is all of it.
  Result<int> part(int tensor, int axis, int32_t begin, int32_t size);

  /// Of all variables.
  int64_t bytes() const { return bytes_; }

 private:
  int handle(const std::string& name);
  void begin_with(const std::string& name, const TensorSpec& like, std::span<const std::byte> fill);

  GraphBuilder& b_;
  int count_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace narrow
