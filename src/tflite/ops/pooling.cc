// Pooling windows and reductions over whole dimensions.
#include "ops/pool_2d.h"
#include "ops/reduce.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using Pool = Pool2dAttributes;
using PoolT = format::Pool2DOptionsT;
using PoolTable =
    Table<Pool, PoolT, Field<&Pool::padding, &PoolT::padding>, Field<&Pool::stride_h, &PoolT::stride_h>,
          Field<&Pool::stride_w, &PoolT::stride_w>, Field<&Pool::filter_h, &PoolT::filter_height>,
          Field<&Pool::filter_w, &PoolT::filter_width>, Field<&Pool::activation, &PoolT::fused_activation_function>>;

using ReduceTable = Table<ReduceAttributes, format::ReducerOptionsT,
                          Field<&ReduceAttributes::keep_dims, &format::ReducerOptionsT::keep_dims>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<PoolTable>(AVERAGE_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
    spell<PoolTable>(MAX_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
    spell<ReduceTable>(MEAN, "1.6.0", "1.14.0", "2.4.0"),
    spell<ReduceTable>(SUM, "1.10.0", "1.15.0"),
};

}  // namespace

std::span<const Spelling> pooling_spellings() {
  return kRows;
}

}  // namespace narrow
