// Comparisons, truth values, bits, and choices by truth values.
#include "tflite/fields.h"

namespace narrow {
namespace {

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<EmptyTable<format::EqualOptionsT>>(EQUAL, "1.14.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::NotEqualOptionsT>>(NOT_EQUAL, "1.14.0", "1.14.0", "2.3.0"),
    spell<EmptyTable<format::GreaterOptionsT>>(GREATER, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::GreaterEqualOptionsT>>(GREATER_EQUAL, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::LessOptionsT>>(LESS, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::LessEqualOptionsT>>(LESS_EQUAL, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::LogicalAndOptionsT>>(LOGICAL_AND, "1.11.0"),
    spell<EmptyTable<format::LogicalOrOptionsT>>(LOGICAL_OR, "1.11.0"),
    spell<EmptyTable<format::LogicalNotOptionsT>>(LOGICAL_NOT, "1.11.0"),
    spell<EmptyTable<format::BitwiseXorOptionsT>>(BITWISE_XOR),
    spell<EmptyTable<format::RightShiftOptionsT>>(RIGHT_SHIFT),
    spell<EmptyTable<format::SelectOptionsT>>(SELECT, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::SelectV2OptionsT>>(SELECT_V2, "2.2.0"),
    spell<EmptyTable<format::WhereOptionsT>>(WHERE, "1.14.0", "2.8.0"),
};

}  // namespace

std::span<const Spelling> logic_spellings() {
  return kRows;
}

}  // namespace narrow
