// Pooling windows.
#include "ops/windows/pool_2d.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using Pool = Pool2dAttributes;
using PoolT = format::Pool2DOptionsT;
using PoolTable =
    Table<Pool, PoolT, Field<&Pool::padding, &PoolT::padding>, Field<&Pool::stride_h, &PoolT::stride_h>,
          Field<&Pool::stride_w, &PoolT::stride_w>, Field<&Pool::filter_h, &PoolT::filter_height>,
          Field<&Pool::filter_w, &PoolT::filter_width>, Field<&Pool::activation, &PoolT::fused_activation_function>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<PoolTable>(AVERAGE_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
    spell<PoolTable>(L2_POOL_2D, "1.5.0"),
    spell<PoolTable>(MAX_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
};

}  // namespace

std::span<const Spelling> pooling_spellings() {
  return kRows;
}

}  // namespace narrow
