// One vector times many: the inner loops of BATCH_MATMUL.
#ifndef NARROW_KERNELS_HOST_DOT_H
#define NARROW_KERNELS_HOST_DOT_H

#include <cstdint>

namespace narrow::host {

// sums[i] = sum over k of v[k] * columns[i * depth + k] for `count` columns, one behind the other. The float sums are
// made in 16 lanes that are added at the end, whatever the processor.
void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int32_t* sums);
void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int64_t* sums);
void dot(const float* v, const float* columns, int count, int depth, float* sums);

}  // namespace narrow::host

#endif
