// Functions of one element.
#include "ops/activations/tabulated.h"
#include "ops/indexing/bucketize.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using GeluTable = Table<GeluAttributes, format::GeluOptionsT,
                        Field<&GeluAttributes::approximate, &format::GeluOptionsT::approximate>>;

using BucketizeTable = Table<BucketizeAttributes, format::BucketizeOptionsT,
                             Field<&BucketizeAttributes::boundaries, &format::BucketizeOptionsT::boundaries>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<EmptyTable<format::AbsOptionsT>>(ABS, "1.13.0", "2.4.0", "2.5.0", "2.6.0"),
    spell<BucketizeTable>(BUCKETIZE, "2.8.0"),
    spell<NoTable>(CEIL, "1.14.0"),
    spell<EmptyTable<format::CosOptionsT>>(COS, "1.14.0"),
    spell<NoTable>(ELU, "1.14.0"),
    spell<EmptyTable<format::ExpOptionsT>>(EXP, "1.7.0", "2.12.0"),
    spell<NoTable>(FLOOR, "1.9.0"),
    spell<GeluTable>(GELU, "2.9.0", "2.9.0"),
    spell<NoTable>(LOG, "1.14.0", "2.13.0"),
    spell<EmptyTable<format::NegOptionsT>>(NEG, "1.9.0"),
    spell<NoTable>(RELU_0_TO_1, "2.10.0"),
    spell<NoTable>(RELU_N1_TO_1, "1.5.0"),
    spell<NoTable>(ROUND, "1.14.0"),
    spell<NoTable>(RSQRT, "1.10.0", "2.5.0", "2.13.0"),
    spell<EmptyTable<format::SignOptionsT>>(SIGN, "2.12.0"),
    spell<NoTable>(SIN, "1.9.0"),
    spell<NoTable>(SQRT, "1.10.0", "2.13.0"),
    spell<EmptyTable<format::SquareOptionsT>>(SQUARE, "1.12.0"),
};

}  // namespace

std::span<const Spelling> function_spellings() {
  return kRows;
}

}  // namespace narrow
