// Shape and Axis: the two places where dimensions and axes from a file are checked.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace narrow {

/// Dimensions of a tensor, outermost first; none is a scalar. No dimension is negative, and the number of
/// elements fits the limits, so products of any of the dimensions cannot overflow 64 bits.
class Shape {
 public:
  Shape() = default;

  /// Checked: bad_file for a negative dimension, limit_exceeded for too many dimensions or elements.
  static Result<Shape> make(std::span<const int32_t> dims, const Limits& limits = limits_in_force());

  /// For dimensions computed from valid shapes in tests and rewrites; aborts on what `make` refuses.
  static Shape of(std::initializer_list<int32_t> dims);

  int rank() const { return static_cast<int>(dims_.size()); }
  int32_t operator[](int axis) const { return dims_[static_cast<size_t>(axis)]; }
  int64_t elements() const { return elements_; }
  std::span<const int32_t> dims() const { return dims_; }
  int32_t back() const { return dims_.back(); }

  /// Product of the dimensions in [from, to); 1 for an empty range.
  int64_t product(int from, int to) const;

  /// The same elements seen with leading ones up to `rank`; the shape must not have more dimensions.
  std::vector<int32_t> padded_to(int rank) const;

  /// "[1, 49, 10, 1]".
  std::string text() const;

  bool operator==(const Shape&) const = default;

 private:
  std::vector<int32_t> dims_;
  int64_t elements_ = 1;
};

/// An axis known to lie in [0, rank).
class Axis {
 public:
  /// Negative values count from the end, as in every framework; bad_file where `axis` is out of range.
  static Result<Axis> resolve(int64_t axis, int rank);
  int index() const { return index_; }

 private:
  explicit Axis(int index) : index_(index) {}
  int index_;
};

/// The shape two operands take together under NumPy's broadcasting rule; bad_file where they do not fit.
Result<Shape> broadcast(const Shape& a, const Shape& b);

}  // namespace narrow
