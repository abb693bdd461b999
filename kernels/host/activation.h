// Float SOFTMAX, LOGISTIC and TANH by vector code, within 3 units in the last place; the same on every instruction set.
#ifndef NARROW_KERNELS_HOST_ACTIVATION_H
#define NARROW_KERNELS_HOST_ACTIVATION_H

#include <cstdint>

namespace narrow::host {

// out must not overlap in, here and below.
void logistic(const float* in, float* out, std::int64_t n);
void tanh(const float* in, float* out, std::int64_t n);
// Over each of `rows` runs of `depth` >= 1 elements; beta >= 0.
void softmax(const float* in, float* out, std::int64_t rows, std::int32_t depth, float beta);

}  // namespace narrow::host

#endif
