// Element-wise arithmetic on two operands.
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/sub.h"
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

constexpr Spelling kRows[] = {
    spell<AddTable>(ADD, "1.5.0", "1.14.0", "2.4.0", "2.6.0"),
    spell<SubTable>(SUB, "1.6.0", "1.14.0", "2.3.0", "2.4.0", "2.4.0"),
    spell<EmptyTable<format::AddNOptionsT>>(ADD_N, "1.14.0"),
    spell<DivTable>(DIV, "1.6.0", "2.3.0"),
    spell<EmptyTable<format::SquaredDifferenceOptionsT>>(SQUARED_DIFFERENCE, "1.13.1", "2.5.0"),
    spell<EmptyTable<format::MaximumMinimumOptionsT>>(MAXIMUM, "1.14.0", "1.14.0", "2.3.0", "2.3.0"),
    spell<EmptyTable<format::MaximumMinimumOptionsT>>(MINIMUM, "1.14.0", "1.14.0", "2.3.0", "2.3.0"),
    spell<EmptyTable<format::PowOptionsT>>(POW, "1.10.0"),
    spell<EmptyTable<format::ATan2OptionsT>>(ATAN2, "2.10.0"),
    spell<EmptyTable<format::FloorDivOptionsT>>(FLOOR_DIV, "1.14.0", "1.14.0"),
    spell<EmptyTable<format::FloorModOptionsT>>(FLOOR_MOD, "1.13.0"),
    spell<MulTable>(MUL, "1.5.0", "1.14.0", "1.15.0", "2.3.0", "2.6.0"),
};

}  // namespace

std::span<const Spelling> arithmetic_spellings() {
  return kRows;
}

}  // namespace narrow
