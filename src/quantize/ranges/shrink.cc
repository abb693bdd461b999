#include "quantize/ranges/shrink.h"

#include <algorithm>
#include <cmath>

namespace narrow {
namespace {

constexpr double kCoarse = 0.9170040432046712;  // 2^(-1/8): ratio of neighbouring factors tried
constexpr int kCoarseSteps = 80;                // down to 1/1024
constexpr int kPatience = 16;                   // steps without a better one that end the coarse search
constexpr double kFine = 0.9892280131939755;    // 2^(-1/64): likewise, between the best one's neighbours
constexpr int kFineSteps = 7;                   // to either side
constexpr int kRounds = 4;
constexpr double kWorthwhile = 1e-3;  // relative gain that earns another round

struct Best {
  double factor = 1;
  double loss = 0;
};

/// The factor in (0, 1] with the least loss, of fixed ones: those between would follow the last bits of the values. The
/// loss has one valley but for small ripples.
Best least(const std::function<double(double)>& loss) {
  Best best{1, loss(1)};
  auto keep = [&](double factor) {
    if (double const l = loss(factor); l < best.loss) best = {factor, l};
  };
  double factor = 1;
  for (int i = 0, since = 0; i < kCoarseSteps && since < kPatience; ++i, ++since) {
    factor *= kCoarse;
    keep(factor);
    if (best.factor == factor) since = 0;
  }
  double const middle = best.factor;
  double below = middle, above = middle;
  for (int i = 0; i < kFineSteps; ++i) {
    keep(below *= kFine);
    if (middle < 1) keep(above /= kFine);
  }
  return best;
}

}  // namespace

Levels Levels::of(double lo, double hi, const IntegerFormat& format) {
  double const count = std::ldexp(1, format.bits);
  if (format.symmetric) {
    double const limit = std::max(-lo, hi);
    return {limit / (count / 2 - 1), -limit, limit};
  }
  double const step = (hi - lo) / (count - 1);
  double const zero = std::floor(-lo / step + 0.5);
  return {step, -zero * step, (count - 1 - zero) * step};
}

Range shrink(const Range& full, const IntegerFormat& format, const std::function<double(const Levels&)>& loss) {
  if (full.lo == full.hi) return full;
  auto const lo = static_cast<double>(full.lo);
  auto const hi = static_cast<double>(full.hi);
  struct Found {
    double a = 1;
    double b = 1;
    double loss = 0;
  };
  auto in_turn = [&](Found f) {
    for (int round = 0; round < kRounds; ++round) {
      double const before = f.loss;
      Best const upper = least([&](double b) { return loss(Levels::of(f.a * lo, b * hi, format)); });
      if (upper.loss < f.loss) f = {f.a, upper.factor, upper.loss};
      Best const lower = least([&](double a) { return loss(Levels::of(a * lo, f.b * hi, format)); });
      if (lower.loss < f.loss) f = {lower.factor, f.b, lower.loss};
      if (f.loss >= before - kWorthwhile * std::abs(before)) break;
    }
    return f;
  };
  Best const joint = least([&](double f) { return loss(Levels::of(f * lo, f * hi, format)); });
  Found best{joint.factor, joint.factor, joint.loss};
  if (!format.symmetric && lo < 0 && hi > 0) {
    Found const from_full = in_turn({1, 1, loss(Levels::of(lo, hi, format))});
    Found const from_joint = in_turn(best);
    best = from_joint.loss < from_full.loss ? from_joint : from_full;
  }
  return {static_cast<float>(best.a * lo), static_cast<float>(best.b * hi)};
}

}  // namespace narrow
