// ExactSum: a sum of doubles without rounding, so that its value does not depend on the order of adding.
#pragma once

#include <array>
#include <cstdint>

namespace narrow {

/// A fixed-point number of 512 bits in two's complement, whose lowest bit has the value 2^-256. It represents every sum
/// of up to 2^64 finite doubles that are multiples of 2^-256 with magnitudes below 2^190, which float32 values and
/// double sums of them are.
class ExactSum {
 public:
  /// Adds a finite double of the range above, exactly.
  void add(double value);
  void add(const ExactSum& other);

  /// The sum as a double, cut towards zero: less in magnitude by less than one unit in the last place.
  double value() const;

  std::array<uint64_t, 8> words{};  // least significant first
  bool operator==(const ExactSum&) const = default;

 private:
  void negate();
};

}  // namespace narrow
