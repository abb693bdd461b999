// Ops along whole dimensions: reductions, running sums, choices, normalizations.
#include "ops/reductions/arg_extreme.h"
#include "ops/reductions/cumsum.h"
#include "ops/reductions/normalization.h"
#include "ops/reductions/reduction.h"
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

constexpr Spelling kRows[] = {
    spell<ArgMaxTable>(ARG_MAX, "1.9.0", "1.14.0", "2.9.0"),
    spell<ArgMinTable>(ARG_MIN, "1.9.0", "1.14.0", "2.9.0"),
    spell<CumsumTable>(CUMSUM, "2.4.0"),
    spell<L2NormTable>(L2_NORMALIZATION, "1.5.0", "1.14.0"),
    spell<LocalTable>(LOCAL_RESPONSE_NORMALIZATION, "1.5.0"),
    spell<EmptyTable<format::LogSoftmaxOptionsT>>(LOG_SOFTMAX, "1.14.0", "1.14.0"),
    spell<ReduceTable>(MEAN, "1.6.0", "1.14.0", "2.4.0"),
    spell<ReduceTable>(REDUCE_ALL, "2.6.0"),
    spell<ReduceTable>(REDUCE_ANY, "1.11.0"),
    spell<ReduceTable>(REDUCE_MAX, "1.11.0", "1.14.0", "2.5.0"),
    spell<ReduceTable>(REDUCE_MIN, "1.11.0", "1.14.0", "2.5.0"),
    spell<ReduceTable>(REDUCE_PROD, "1.11.0", "2.6.0"),
    spell<ReduceTable>(SUM, "1.10.0", "1.15.0"),
    spell<EmptyTable<format::TopKV2OptionsT>>(TOPK_V2, "1.7.0", "1.14.0", "2.13.0"),
};

}  // namespace

std::span<const Spelling> axis_spellings() {
  return kRows;
}

}  // namespace narrow
