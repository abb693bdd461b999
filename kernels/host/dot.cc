#include "dot.h"

#include "clones.h"

namespace narrow::host {
namespace {

constexpr int kLanes = 16;

}  // namespace

NARROW_CLONES void dot_i32(const std::int16_t* v, const std::int16_t* columns, int count, int depth,
                           std::int32_t* sums) {
  for (int i = 0; i < count; ++i, columns += depth) {
    std::int32_t sum = 0;
    for (int k = 0; k < depth; ++k) sum += static_cast<std::int32_t>(v[k]) * columns[k];
    sums[i] = sum;
  }
}

NARROW_CLONES void dot_i64(const std::int16_t* v, const std::int16_t* columns, int count, int depth,
                           std::int64_t* sums) {
  for (int i = 0; i < count; ++i, columns += depth) {
    std::int64_t sum = 0;
    for (int k = 0; k < depth; ++k) sum += static_cast<std::int32_t>(v[k]) * columns[k];
    sums[i] = sum;
  }
}

NARROW_CLONES void dot_f32(const float* v, const float* columns, int count, int depth, float* sums) {
  for (int i = 0; i < count; ++i, columns += depth) {
    float lanes[kLanes] = {};
    int k = 0;
    for (; k + kLanes <= depth; k += kLanes)
      for (int l = 0; l < kLanes; ++l) lanes[l] += v[k + l] * columns[k + l];
    float sum = 0;
    for (; k < depth; ++k) sum += v[k] * columns[k];
    for (float lane : lanes) sum += lane;
    sums[i] = sum;
  }
}

void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int32_t* sums) {
  dot_i32(v, columns, count, depth, sums);
}
void dot(const std::int16_t* v, const std::int16_t* columns, int count, int depth, std::int64_t* sums) {
  dot_i64(v, columns, count, depth, sums);
}
void dot(const float* v, const float* columns, int count, int depth, float* sums) {
  dot_f32(v, columns, count, depth, sums);
}

}  // namespace narrow::host
