// ExactSum: a sum of doubles without rounding, so that its value does not depend on the order of adding.
#pragma once

#include <array>
#include <cstdint>

namespace narrow {

/// A fixed-point number of 512 bits, two's complement, whose lowest bit is worth 2^-256. Holds every sum of up to
/// 2^64 finite doubles that are multiples of 2^-256 below 2^190 in magnitude: all that sums of float32 come to.
class ExactSum {
 public:
  /// Adds a finite double of the range above.
  void add(double value);
  void add(const ExactSum& other);

  /// The nearest double below in magnitude by at most one unit in its last place.
  double value() const;

  std::array<uint64_t, 8> words{};  // lowest first
  bool operator==(const ExactSum&) const = default;

 private:
  void negate();
};

}  // namespace narrow
