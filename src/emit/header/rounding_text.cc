// What headers say of rounding.
#include "emit/header/layer_facts.h"

namespace narrow {
namespace {

constexpr const char* kTies[] = {"", "ties up", "down", "ties to even", "ties away from zero"};  // by RoundingRule

std::string nearest(RoundingRule rule) {
  return rule == RoundingRule::truncate ? "to the next lower integer"
                                        : std::string("to nearest, ") + kTies[size_t(rule)];
}

}  // namespace

RoundingText rounding_text(Rounding rounding, RoundingRule rule, bool wide) {
  std::string const reduced = "k = min((m + 2^15) >> 16, 32767), ";
  switch (rounding) {
    case Rounding::double_away:
    case Rounding::double_up:
      return {rounding == Rounding::double_up ? "double_up" : "double_away",
              std::string("h = floor(((acc << max(s, 0)) * m + 2^30) / 2^31), r = h / 2^max(-s, 0) to nearest, ties ") +
                  (rounding == Rounding::double_up ? "up." : "away from zero.")};
    case Rounding::single:
      return {"single", "r = floor((acc * m + 2^(30 - s)) / 2^(31 - s)), the product in 64 bits."};
    case Rounding::wide:
      return {"wide", reduced + "r = floor((acc * k + 2^(14 - s)) / 2^(15 - s)), all in 64 bits."};
    default:
      return {std::string(to_string(rule)) + (wide ? ", wide" : ""),
              (wide ? reduced + "r = acc * k / 2^(15 - s) " : "r = acc * m / 2^(31 - s) ") + nearest(rule) +
                  ", the product in 64 bits."};
  }
}

RoundingText shift_text(RoundingRule rule) {
  std::string const name = std::string("shift, ") + to_string(rule);
  if (rule == RoundingRule::half_up) return {name, "r = (acc + ((1 << OUT_RSHIFT) >> 1)) >> OUT_RSHIFT."};
  if (rule == RoundingRule::truncate) return {name, "r = acc >> OUT_RSHIFT."};
  return {name, "r = acc / 2^OUT_RSHIFT " + nearest(rule) + "."};
}

}  // namespace narrow
