// What a header says of one op: sizes, zero points, bounds, factors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// A macro: the op's name, an underscore and `key`.
struct FactNumber {
  std::string key;
  std::string value;  // a C constant
};

/// A list: a value for each output channel, or a table.
struct FactList {
  std::string key;
  DType dtype = DType::int32;
  std::vector<std::byte> values;
};

/// How a layer comes from its accumulator to r, the output less its zero point.
struct RoundingText {
  std::string name;  // as docs/arithmetic.md has it
  std::string rule;  // a C statement in acc, m = MULTIPLIERS[c] and s = SHIFTS[c], or OUT_RSHIFT
};

struct OpFacts {
  std::vector<FactNumber> numbers;
  std::vector<FactList> lists;
  std::vector<std::string> notes;        // sentences
  std::optional<RoundingText> rounding;  // of an integer layer
  bool shifts = false;                   // has BIAS_LSHIFT or OUT_RSHIFT
  std::vector<const Kernel*> kernels;    // each once
  std::optional<size_t> weights, bias;   // operands that are these
  std::vector<size_t> constants;         // other operands with values that are computed with, and constant

  void add(const char* key, int64_t value) { numbers.push_back({key, std::to_string(value)}); }
};

/// Facts of a known op of a validated model, from its definition and what it lowers to in the default profile. What
/// narrow cannot lower becomes a note.
OpFacts op_facts(const OpView& op);

}  // namespace narrow
