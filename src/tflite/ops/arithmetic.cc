// Element-wise arithmetic, comparisons, functions of one element and choices.
#include "ops/arithmetic/arithmetic.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using AddT = format::AddOptionsT;
using AddTable = Table<AddAttributes, AddT, Field<&AddAttributes::activation, &AddT::fused_activation_function>,
                       Field<&AddAttributes::pot_scale_int16, &AddT::pot_scale_int16>>;

using SubT = format::SubOptionsT;
using SubTable = Table<SubAttributes, SubT, Field<&SubAttributes::activation, &SubT::fused_activation_function>,
                       Field<&SubAttributes::pot_scale_int16, &SubT::pot_scale_int16>>;

using MulT = format::MulOptionsT;
using MulTable = Table<MulAttributes, MulT, Field<&MulAttributes::activation, &MulT::fused_activation_function>>;

using DivT = format::DivOptionsT;
using DivTable = Table<DivAttributes, DivT, Field<&DivAttributes::activation, &DivT::fused_activation_function>>;

using enum format::BuiltinOperator;

constexpr Codec kArithmetic[] = {
    codec<EmptyTable<format::AbsOptionsT>>(ABS, "1.13.0", "2.4.0", "2.5.0", "2.6.0"),
    codec<AddTable>(ADD, "1.5.0", "1.14.0", "2.4.0", "2.6.0"),
    codec<EmptyTable<format::AddNOptionsT>>(ADD_N, "1.14.0"),
    codec<EmptyTable<format::ATan2OptionsT>>(ATAN2, "2.10.0"),
    codec<EmptyTable<format::BitwiseXorOptionsT>>(BITWISE_XOR),
    codec<NoTable>(CEIL, "1.14.0"),
    codec<EmptyTable<format::CosOptionsT>>(COS, "1.14.0"),
    codec<DivTable>(DIV, "1.6.0", "2.3.0"),
    codec<EmptyTable<format::EqualOptionsT>>(EQUAL, "1.14.0", "1.14.0", "2.3.0"),
    codec<NoTable>(FLOOR, "1.9.0"),
    codec<EmptyTable<format::FloorDivOptionsT>>(FLOOR_DIV, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::FloorModOptionsT>>(FLOOR_MOD, "1.13.0"),
    codec<EmptyTable<format::GreaterOptionsT>>(GREATER, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::GreaterEqualOptionsT>>(GREATER_EQUAL, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::LessOptionsT>>(LESS, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::LessEqualOptionsT>>(LESS_EQUAL, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::LogicalAndOptionsT>>(LOGICAL_AND, "1.11.0"),
    codec<EmptyTable<format::LogicalNotOptionsT>>(LOGICAL_NOT, "1.11.0"),
    codec<EmptyTable<format::LogicalOrOptionsT>>(LOGICAL_OR, "1.11.0"),
    codec<EmptyTable<format::MaximumMinimumOptionsT>>(MAXIMUM, "1.14.0", "1.14.0", "2.3.0", "2.3.0"),
    codec<EmptyTable<format::MaximumMinimumOptionsT>>(MINIMUM, "1.14.0", "1.14.0", "2.3.0", "2.3.0"),
    codec<MulTable>(MUL, "1.5.0", "1.14.0", "1.15.0", "2.3.0", "2.6.0"),
    codec<EmptyTable<format::NegOptionsT>>(NEG, "1.9.0"),
    codec<EmptyTable<format::NotEqualOptionsT>>(NOT_EQUAL, "1.14.0", "1.14.0", "2.3.0"),
    codec<EmptyTable<format::PowOptionsT>>(POW, "1.10.0"),
    codec<EmptyTable<format::RightShiftOptionsT>>(RIGHT_SHIFT),
    codec<NoTable>(ROUND, "1.14.0"),
    codec<NoTable>(RSQRT, "1.10.0", "2.5.0", "2.13.0"),
    codec<EmptyTable<format::SelectOptionsT>>(SELECT, "1.14.0", "1.14.0"),
    codec<EmptyTable<format::SelectV2OptionsT>>(SELECT_V2, "2.2.0"),
    codec<EmptyTable<format::SignOptionsT>>(SIGN, "2.12.0"),
    codec<NoTable>(SIN, "1.9.0"),
    codec<NoTable>(SQRT, "1.10.0", "2.13.0"),
    codec<EmptyTable<format::SquareOptionsT>>(SQUARE, "1.12.0"),
    codec<EmptyTable<format::SquaredDifferenceOptionsT>>(SQUARED_DIFFERENCE, "1.13.1", "2.5.0"),
    codec<SubTable>(SUB, "1.6.0", "1.14.0", "2.3.0", "2.4.0", "2.4.0"),
};

}  // namespace

std::span<const Codec> arithmetic_codecs() {
  return kArithmetic;
}

}  // namespace narrow
