// Spelling: how the .tflite format writes one op that narrow knows: its code, its options table, its versions.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/attributes.h"
#include "tflite/format.h"

namespace narrow {

struct Spelling {
  format::BuiltinOperator code;

  /// The runtime's release that brought version i + 1 of the op ("1.14.0"); null past the last known version.
  std::array<const char*, 12> releases{};

  /// The attribute struct of the op's own header out of an operator's options, defaults where it has none; an empty
  /// value for ops without attributes. bad_file where the options are another op's or hold values that the format
  /// does not have; unsupported for a meaning that the attributes cannot hold: then the op is carried as it is.
  Result<Attributes> (*read)(const format::Operator& op);

  /// The options table of such attributes.
  format::BuiltinOptionsUnion (*write)(const Attributes& attributes);

  /// Puts the graphs that the op runs (Op::graphs) in its options; null for ops that run none.
  void (*name_graphs)(format::BuiltinOptionsUnion& options, const std::vector<int>& graphs) = nullptr;

  const char* name() const { return format::EnumNameBuiltinOperator(code); }
};

/// The spelling of a builtin operator, or null where narrow does not know the op.
const Spelling* find_spelling(format::BuiltinOperator code);

/// The spelling of the op of that name, or null.
const Spelling* find_spelling(std::string_view name);

/// One family of ops each, in src/tflite/ops/.
std::span<const Spelling> activation_spellings();
std::span<const Spelling> function_spellings();
std::span<const Spelling> arithmetic_spellings();
std::span<const Spelling> axis_spellings();
std::span<const Spelling> control_spellings();
std::span<const Spelling> layout_spellings();
std::span<const Spelling> logic_spellings();
std::span<const Spelling> pooling_spellings();
std::span<const Spelling> precision_spellings();
std::span<const Spelling> product_spellings();
std::span<const Spelling> resize_spellings();

}  // namespace narrow
