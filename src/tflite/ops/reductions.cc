// Ops along whole dimensions: reductions, running sums, normalizations.
#include "ops/reductions/reductions.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using ReduceTable = Table<ReduceAttributes, format::ReducerOptionsT,
                          Field<&ReduceAttributes::keep_dims, &format::ReducerOptionsT::keep_dims>>;

using ArgMaxTable = Table<ArgAttributes, format::ArgMaxOptionsT,
                          Field<&ArgAttributes::output_type, &format::ArgMaxOptionsT::output_type>>;
using ArgMinTable = Table<ArgAttributes, format::ArgMinOptionsT,
                          Field<&ArgAttributes::output_type, &format::ArgMinOptionsT::output_type>>;

using CumsumTable = Table<CumsumAttributes, format::CumsumOptionsT,
                          Field<&CumsumAttributes::exclusive, &format::CumsumOptionsT::exclusive>,
                          Field<&CumsumAttributes::reverse, &format::CumsumOptionsT::reverse>>;

using L2NormTable =
    Table<L2NormalizationAttributes, format::L2NormOptionsT,
          Field<&L2NormalizationAttributes::activation, &format::L2NormOptionsT::fused_activation_function>>;

using Local = LocalResponseNormalizationAttributes;
using LocalT = format::LocalResponseNormalizationOptionsT;
using LocalTable = Table<Local, LocalT, Field<&Local::radius, &LocalT::radius>, Field<&Local::bias, &LocalT::bias>,
                         Field<&Local::alpha, &LocalT::alpha>, Field<&Local::beta, &LocalT::beta>>;

using enum format::BuiltinOperator;

constexpr Codec kReductions[] = {
    codec<ArgMaxTable>(ARG_MAX, "1.9.0", "1.14.0", "2.9.0"),
    codec<ArgMinTable>(ARG_MIN, "1.9.0", "1.14.0", "2.9.0"),
    codec<CumsumTable>(CUMSUM, "2.4.0"),
    codec<L2NormTable>(L2_NORMALIZATION, "1.5.0", "1.14.0"),
    codec<LocalTable>(LOCAL_RESPONSE_NORMALIZATION, "1.5.0"),
    codec<ReduceTable>(MEAN, "1.6.0", "1.14.0", "2.4.0"),
    codec<ReduceTable>(REDUCE_ALL, "2.6.0"),
    codec<ReduceTable>(REDUCE_ANY, "1.11.0"),
    codec<ReduceTable>(REDUCE_MAX, "1.11.0", "1.14.0", "2.5.0"),
    codec<ReduceTable>(REDUCE_MIN, "1.11.0", "1.14.0", "2.5.0"),
    codec<ReduceTable>(REDUCE_PROD, "1.11.0", "2.6.0"),
    codec<ReduceTable>(SUM, "1.10.0", "1.15.0"),
};

}  // namespace

std::span<const Codec> reductions_codecs() {
  return kReductions;
}

}  // namespace narrow
