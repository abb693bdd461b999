// What headers say of rounding: C statements over 64-bit integers.
#include "emit/header/layer_facts.h"

namespace narrow {
namespace {

/// v / 2^n by a rule, n > 0.
std::string shifted(RoundingRule rule) {
  switch (rule) {
    case RoundingRule::truncate:
      return "v >> n";
    case RoundingRule::half_even:
      return "(v + ((int64_t)1 << (n - 1)) - 1 + ((v >> n) & 1)) >> n";
    case RoundingRule::half_away:
      return "(v + ((int64_t)1 << (n - 1)) - (v < 0)) >> n";
    default:
      return "(v + ((int64_t)1 << (n - 1))) >> n";
  }
}

}  // namespace

RoundingText rounding_text(Rounding rounding, RoundingRule rule, bool wide) {
  std::string const reduced = "k = m < 0x7fff0000 ? (m + 0x8000) >> 16 : 0x7fff, v = acc * k, n = 15 - s, ";
  std::string const full = "v = acc * m, n = 31 - s, ";
  std::string const twice =
      "h = (acc * ((int64_t)1 << (s > 0 ? s : 0)) * m + ((int64_t)1 << 30)) >> 31, r = s < 0 ? (h + ((int64_t)1 << (-s "
      "- 1))";
  switch (rounding) {
    case Rounding::double_away:
      return {"double_away", twice + " - (h < 0)) >> -s : h;"};
    case Rounding::double_up:
      return {"double_up", twice + ") >> -s : h;"};
    case Rounding::single:
      return {"single", full + "r = " + shifted(RoundingRule::half_up) + ";"};
    case Rounding::wide:
      return {"wide", reduced + "r = " + shifted(RoundingRule::half_up) + ";"};
    default:
      return {std::string(to_string(rule)) + (wide ? ", wide" : ""),
              (wide ? reduced : full) + "r = " + shifted(rule) + ";"};
  }
}

RoundingText shift_text(RoundingRule rule) {
  return {std::string("shift, ") + to_string(rule),
          "v = acc, n = OUT_RSHIFT, r = n > 0 ? " + shifted(rule) + " : v * ((int64_t)1 << -n);"};
}

}  // namespace narrow
