// RESIZE_BILINEAR with the sources of each row and column worked out beforehand.
#ifndef NARROW_KERNELS_HOST_RESIZE_H
#define NARROW_KERNELS_HOST_RESIZE_H

#include <cstdint>
#include <vector>

namespace narrow::host {

// The two input elements around a sample of one axis, and how far it lies from the lower one, in the unit of `Part`.
template <class Part>
struct Between {
  std::int32_t low = 0;
  std::int32_t high = 0;
  Part part{};
};

template <class Part>
struct BilinearParams {
  std::int32_t batches = 0;
  std::int32_t in_height = 0;
  std::int32_t in_width = 0;
  std::int32_t depth = 0;
  std::vector<Between<Part>> rows;
  std::vector<Between<Part>> columns;
};

// NHWC, here and below; out must not overlap in. Parts are real numbers.
void resize_bilinear(const BilinearParams<float>& p, const float* in, float* out);

// Parts in 1/1024; ties away from zero. Equal the portable kernels bit for bit.
void resize_bilinear(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out);
void resize_bilinear(const BilinearParams<std::int32_t>& p, const std::int16_t* in, std::int16_t* out);

// XNNPACK's: parts in 1/2048; ties up.
void resize_bilinear_delegate(const BilinearParams<std::int32_t>& p, const std::int8_t* in, std::int8_t* out);

}  // namespace narrow::host

#endif
