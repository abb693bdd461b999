#include "dot.h"

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/dot.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

// Loops that the compiler turns into vector code, for each of Highway's targets. Results do not depend on the target:
// no contraction of a * b + c, no reordering of float sums.
HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {

void dot_i32(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int32_t* sums) {
  for (int i = 0; i < count; ++i, columns += depth) {
    std::int32_t sum = 0;
    for (int k = 0; k < depth; ++k) sum += static_cast<std::int32_t>(v[k]) * columns[k];
    sums[i] = sum;
  }
}

void dot_i64(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int64_t* sums) {
  for (int i = 0; i < count; ++i, columns += depth) {
    std::int64_t sum = 0;
    for (int k = 0; k < depth; ++k) sum += static_cast<std::int32_t>(v[k]) * columns[k];
    sums[i] = sum;
  }
}

void dot_f32(const float* v, const float* columns, int count, int depth, float* sums) {
  constexpr int kSums = 16;
  for (int i = 0; i < count; ++i, columns += depth) {
    float lanes[kSums] = {};
    int k = 0;
    for (; k + kSums <= depth; k += kSums)
      for (int l = 0; l < kSums; ++l) lanes[l] += v[k + l] * columns[k + l];
    float sum = 0;
    for (; k < depth; ++k) sum += v[k] * columns[k];
    for (float lane : lanes) sum += lane;
    sums[i] = sum;
  }
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int32_t* sums) {
  NARROW_VARIANT(dot_i32)(v, columns, count, depth, sums);
}
void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int64_t* sums) {
  NARROW_VARIANT(dot_i64)(v, columns, count, depth, sums);
}
void dot(const float* v, const float* columns, int count, int depth, float* sums) {
  NARROW_VARIANT(dot_f32)(v, columns, count, depth, sums);
}

}  // namespace narrow::host
#endif
