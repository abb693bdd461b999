#include "calibrate/exact_sum.h"

#include <cmath>

namespace narrow {
namespace {

constexpr int kLowestExponent = -256;

}  // namespace

void ExactSum::add(const ExactSum& other) {
  bool carry = false;
  for (size_t i = 0; i < words.size(); ++i) {
    uint64_t sum = 0;
    bool const first = __builtin_add_overflow(words[i], other.words[i], &sum);
    bool const second = __builtin_add_overflow(sum, static_cast<uint64_t>(carry), &words[i]);
    carry = first || second;
  }
}

void ExactSum::negate() {
  bool carry = true;
  for (uint64_t& w : words) carry = __builtin_add_overflow(~w, static_cast<uint64_t>(carry), &w);
}

void ExactSum::add(double value) {
  int exponent = 0;
  double const fraction = std::frexp(std::abs(value), &exponent);         // in [0.5, 1), or 0
  auto const mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));  // value = mantissa * 2^(exponent - 53)
  if (mantissa == 0) return;
  int const shift = exponent - 53 - kLowestExponent;
  auto const word = static_cast<size_t>(shift / 64);
  int const bit = shift % 64;
  ExactSum term;
  term.words[word] = mantissa << bit;
  if (bit > 11) term.words[word + 1] = mantissa >> (64 - bit);
  if (value < 0) term.negate();
  add(term);
}

double ExactSum::value() const {
  bool const negative = (words.back() >> 63) != 0;
  ExactSum magnitude = *this;
  if (negative) magnitude.negate();
  double v = 0;
  for (size_t i = 0; i < words.size(); ++i)
    v += std::ldexp(static_cast<double>(magnitude.words[i]), static_cast<int>(64 * i) + kLowestExponent);
  return negative ? -v : v;
}

}  // namespace narrow
