// Random numbers of the tests, from one seed: a run repeats itself, and NARROW_SEED chooses other numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace narrow {

/// The seed of this run: the whole number in the environment variable NARROW_SEED, or a fixed one. It is printed when
/// the tests begin. Values of NARROW_SEED that are no whole number under 2^32 end the process with a message.
unsigned run_seed();

/// The seed of the test that runs: of `run_seed()` and the test's name, so that tests draw different numbers, and the
/// same ones whether they run alone or with others.
unsigned test_seed();

/// A generator. `text()` belongs in the message of every failure (SCOPED_TRACE).
class Random {
 public:
  Random() : Random(test_seed()) {}
  explicit Random(unsigned seed) : seed_(seed), engine_(seed) {}
  unsigned seed() const { return seed_; }
  /// The environment that repeats the numbers.
  std::string text() const { return "NARROW_SEED=" + std::to_string(run_seed()); }
  int64_t between(int64_t lo, int64_t hi) { return std::uniform_int_distribution<int64_t>(lo, hi)(engine_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(engine_); }
  double real(double lo, double hi) { return std::uniform_real_distribution<double>(lo, hi)(engine_); }
  /// 2^x with x uniform in [lo_exponent, hi_exponent).
  float scale(double lo_exponent, double hi_exponent) {
    return static_cast<float>(std::exp2(real(lo_exponent, hi_exponent)));
  }
  /// Values over the whole range of an integer type, many at its ends; floats in [-4, 4).
  template <class T>
  std::vector<T> values(int64_t n) {
    std::vector<T> out(static_cast<size_t>(n));
    bool const ends = chance(0.2);
    for (T& v : out) {
      if constexpr (std::is_floating_point_v<T>) {
        v = static_cast<T>(real(-4, 4));
      } else {
        int64_t const lo = std::numeric_limits<T>::min(), hi = std::numeric_limits<T>::max();
        v = static_cast<T>(ends ? (chance(0.5) ? lo : hi) : between(lo, hi));
      }
    }
    return out;
  }

 private:
  unsigned seed_;
  std::mt19937 engine_;
};

}  // namespace narrow
