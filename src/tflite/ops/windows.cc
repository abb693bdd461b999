// Pooling windows, and changes of image size. The bilinear table also holds a size from before operand 1 gave it; no
// runtime reads it.
#include "ops/windows/windows.h"

#include "tflite/fields.h"

namespace narrow {
namespace {

using Pool = Pool2dAttributes;
using PoolT = format::Pool2DOptionsT;
using PoolTable =
    Table<Pool, PoolT, Field<&Pool::padding, &PoolT::padding>, Field<&Pool::stride_h, &PoolT::stride_h>,
          Field<&Pool::stride_w, &PoolT::stride_w>, Field<&Pool::filter_h, &PoolT::filter_height>,
          Field<&Pool::filter_w, &PoolT::filter_width>, Field<&Pool::activation, &PoolT::fused_activation_function>>;

using Bilinear = ResizeBilinearAttributes;
using BilinearT = format::ResizeBilinearOptionsT;
using BilinearTable = Table<Bilinear, BilinearT, Field<&Bilinear::align_corners, &BilinearT::align_corners>,
                            Field<&Bilinear::half_pixel_centers, &BilinearT::half_pixel_centers>>;

using Nearest = ResizeNearestNeighborAttributes;
using NearestT = format::ResizeNearestNeighborOptionsT;
using NearestTable = Table<Nearest, NearestT, Field<&Nearest::align_corners, &NearestT::align_corners>,
                           Field<&Nearest::half_pixel_centers, &NearestT::half_pixel_centers>>;

using enum format::BuiltinOperator;

constexpr Codec kWindows[] = {
    codec<PoolTable>(AVERAGE_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
    codec<PoolTable>(L2_POOL_2D, "1.5.0"),
    codec<PoolTable>(MAX_POOL_2D, "1.5.0", "1.14.0", "2.3.0"),
    codec<BilinearTable>(RESIZE_BILINEAR, "1.7.0", "1.14.0", "2.2.0", "2.5.0"),
    codec<NearestTable>(RESIZE_NEAREST_NEIGHBOR, "1.13.1", "1.14.0", "2.3.0", "2.4.0"),
};

}  // namespace

std::span<const Codec> windows_codecs() {
  return kWindows;
}

}  // namespace narrow
