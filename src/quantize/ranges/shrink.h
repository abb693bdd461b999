// The search that the range methods mse and entropy share: the range inside of minmax with the least loss.
#pragma once

#include <functional>

#include "quantize/ranges/range_method.h"

namespace narrow {

/// The real values that integers stand for: multiples of `step` from `lo` to `hi`, zero among them.
struct Levels {
  double step = 0;
  double lo = 0;
  double hi = 0;

  static Levels of(double lo, double hi, const IntegerFormat& format);
};

/// Minimizes `loss` over ranges [a * lo, b * hi], 0 < a, b <= 1: b and a in turn, both from the full range and from the
/// best a = b, which is all that symmetric formats can use. Never worse than `full` itself; of equals the widest.
Range shrink(const Range& full, const IntegerFormat& format, const std::function<double(const Levels&)>& loss);

}  // namespace narrow
