#include "sqrt.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace narrow::host {
namespace {

template <class T>
void roots(const SqrtParams& p, const T* in, T* out) {
  constexpr float kLowest = std::numeric_limits<T>::min(), kHighest = std::numeric_limits<T>::max();
  for (nw_i32 i = 0; i < p.count; ++i) {
    float const real = p.input_scale * static_cast<float>(in[i] - p.input_zero_point);
    float const steps = std::trunc(std::sqrt(std::max(real, 0.0f)) / p.output_scale);
    out[i] = static_cast<T>(std::clamp(steps + static_cast<float>(p.output_zero_point), kLowest, kHighest));
  }
}

}  // namespace

void sqrt_i8(const SqrtParams* p, const nw_i8* in, nw_i8* out) {
  roots(*p, in, out);
}
void sqrt_i16(const SqrtParams* p, const nw_i16* in, nw_i16* out) {
  roots(*p, in, out);
}

}  // namespace narrow::host
