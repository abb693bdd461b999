// Changes of image size. The bilinear table also holds a size from before operand 1 gave it; no runtime reads it.
#include "ops/windows/resize_bilinear.h"
#include "ops/windows/resize_nearest_neighbor.h"
#include "tflite/fields.h"

namespace narrow {
namespace {

using Bilinear = ResizeBilinearAttributes;
using BilinearT = format::ResizeBilinearOptionsT;
using BilinearTable = Table<Bilinear, BilinearT, Field<&Bilinear::align_corners, &BilinearT::align_corners>,
                            Field<&Bilinear::half_pixel_centers, &BilinearT::half_pixel_centers>>;

using Nearest = ResizeNearestNeighborAttributes;
using NearestT = format::ResizeNearestNeighborOptionsT;
using NearestTable = Table<Nearest, NearestT, Field<&Nearest::align_corners, &NearestT::align_corners>,
                           Field<&Nearest::half_pixel_centers, &NearestT::half_pixel_centers>>;

using enum format::BuiltinOperator;

constexpr Spelling kRows[] = {
    spell<BilinearTable>(RESIZE_BILINEAR, "1.7.0", "1.14.0", "2.2.0", "2.5.0"),
    spell<NearestTable>(RESIZE_NEAREST_NEIGHBOR, "1.13.1", "1.14.0", "2.3.0", "2.4.0"),
};

}  // namespace

std::span<const Spelling> resize_spellings() {
  return kRows;
}

}  // namespace narrow
