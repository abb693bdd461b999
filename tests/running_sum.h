// A model with state, and samples that show which of them it has seen before.
#pragma once

#include <memory>
#include <vector>

#include "graph/samples.h"
#include "ops/arithmetic/arithmetic.h"
#include "ops/build/graph_builder.h"
#include "ops/control/control.h"

namespace narrow {

/// y = sum, where sum += x: a variable of one float32, which CALL_ONCE sets to 0.
inline std::shared_ptr<const Model> running_sum() {
  GraphBuilder b(2);
  Shape const one = Shape::of({1, 1});
  auto handle = [&] {
    int const out = b.tensor({.dtype = DType::resource, .shape = Shape::of({1})});
    b.op(kVarHandle, VarHandleAttributes{"", "sum"}, {}, {out});
    return out;
  };
  b.op(kCallOnce, {}, {}, {}, {1});
  int const x = b.input({.shape = one, .name = "x"}), sum = handle();
  int const before = b.tensor({.shape = one, .name = "before"}), y = b.tensor({.shape = one, .name = "y"});
  b.op(kReadVariable, {}, {sum}, {before});
  b.op(kAdd, AddAttributes{}, {before, x}, {y});
  b.op(kAssignVariable, {}, {sum, y}, {});
  b.outputs({y});
  b.in(1);
  int const start = b.constant<float>({.shape = one}, {0});
  b.op(kAssignVariable, {}, {handle(), start}, {});
  return std::make_shared<const Model>(b.finish().value());
}

/// Sample k is the number k + 1.
class CountedSamples final : public Samples {
 public:
  explicit CountedSamples(int64_t size) : size_(size) {}
  int64_t size() const override { return size_; }
  uint64_t fingerprint() const override { return 3; }
  Status read(int64_t first, int count, size_t, std::byte* out) const override {
    for (int64_t i = 0; i < count; ++i) reinterpret_cast<float*>(out)[i] = static_cast<float>(first + i + 1);
    return {};
  }

 private:
  int64_t size_;
};

/// What running_sum gives for sample k of CountedSamples in sequences of that length.
inline float sum_at(int64_t k, int64_t length) {
  int64_t const first = k / length * length;
  return static_cast<float>((k + 1) * (k + 2) / 2 - first * (first + 1) / 2);
}

}  // namespace narrow
