// Codec: how the .tflite format encodes one op that narrow knows: its operator code, its options table, its versions.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/attributes.h"
#include "ops/def/op_def.h"
#include "tflite/format.h"

namespace narrow {

/// A state that the format wants as an operand, a variable of this shape.
using RequiredState = StateShape;

struct Codec {
  format::BuiltinOperator code;

  /// The runtime's release that brought version i + 1 of the op ("1.14.0"); null past the last known version.
  std::array<const char*, 14> releases{};

  /// The op's attributes from the options of an operator, with defaults where it has no options; empty for ops
  /// without attributes. bad_file where the options are another op's or hold values that the format does not define;
  /// unsupported where the attributes cannot express what they say: such an op is passed through unchanged.
  Result<Attributes> (*read)(const format::Operator& op);

  /// The options table for attributes of this op.
  format::BuiltinOptionsUnion (*write)(const Attributes& attributes);

  /// Writes the indices of the graphs that the op runs (Op::graphs) into the options of `stored`, whose others are
  /// there already; null for ops that run none.
  void (*name_graphs)(format::OperatorT& stored, const std::vector<int>& graphs) = nullptr;

  /// The states of a valid op without which no runtime takes it; null for ops that keep none.
  std::vector<RequiredState> (*states)(const OpView& op) = nullptr;

  /// The last operand that is such a state; 0 for ops that keep none.
  size_t last_state = 0;

  const char* name() const { return format::EnumNameBuiltinOperator(code); }
};

/// The codec of a builtin operator, or null where narrow does not know the op.
const Codec* find_codec(format::BuiltinOperator code);

/// The codec of the op of that name, or null.
const Codec* find_codec(std::string_view name);

/// The codecs of each family of ops, in src/tflite/ops/.
std::span<const Codec> activations_codecs();
std::span<const Codec> arithmetic_codecs();
std::span<const Codec> control_codecs();
std::span<const Codec> conversions_codecs();
std::span<const Codec> indexing_codecs();
std::span<const Codec> layers_codecs();
std::span<const Codec> layout_codecs();
std::span<const Codec> recurrent_codecs();
std::span<const Codec> reductions_codecs();
std::span<const Codec> windows_codecs();

}  // namespace narrow
