#include "products.h"

#include "target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "host/products.cc"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
// After it, since it is compiled for each target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace narrow::host::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// kA columns with kB columns at once, so that each value that is loaded takes part in several products.
template <int kA, int kB, class T>
HWY_INLINE void tile(const T* a, const T* b, double* sums, long stride) {
  hn::CappedTag<T, kProductRows> const d;
  using V = hn::Vec<decltype(d)>;
  V total[kA][kB];
  for (auto& row : total)
    for (V& v : row) v = hn::Zero(d);
  for (int r = 0; r < kProductRows; r += static_cast<int>(hn::Lanes(d))) {
    V x[kA];
    for (int i = 0; i < kA; ++i) x[i] = hn::LoadU(d, a + i * kProductRows + r);
    for (int j = 0; j < kB; ++j) {
      V const y = hn::LoadU(d, b + j * kProductRows + r);
      for (int i = 0; i < kA; ++i) total[i][j] = hn::MulAdd(x[i], y, total[i][j]);
    }
  }
  for (int i = 0; i < kA; ++i)
    for (int j = 0; j < kB; ++j)
      sums[i * stride + j] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, total[i][j])));
}

template <int kA, class T>
HWY_INLINE void strip(const T* a, const T* b, int nb, double* sums, long stride) {
  int j = 0;
  for (; j + 2 <= nb; j += 2) tile<kA, 2>(a, b + j * kProductRows, sums + j, stride);
  if (j < nb) tile<kA, 1>(a, b + j * kProductRows, sums + j, stride);
}

template <class T>
HWY_INLINE void all(const T* a, int na, const T* b, int nb, double* sums, long stride) {
  int i = 0;
  for (; i + 4 <= na; i += 4) strip<4>(a + i * kProductRows, b, nb, sums + i * stride, stride);
  for (; i < na; ++i) strip<1>(a + i * kProductRows, b, nb, sums + i * stride, stride);
}

void add_float_products(const float* a, int na, const float* b, int nb, double* sums, long stride) {
  all(a, na, b, nb, sums, stride);
}
void add_double_products(const double* a, int na, const double* b, int nb, double* sums, long stride) {
  all(a, na, b, nb, sums, stride);
}

}  // namespace narrow::host::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace narrow::host {

void add_products(const float* a, int na, const float* b, int nb, double* sums, long stride) {
  NARROW_VARIANT(add_float_products)(a, na, b, nb, sums, stride);
}
void add_products(const double* a, int na, const double* b, int nb, double* sums, long stride) {
  NARROW_VARIANT(add_double_products)(a, na, b, nb, sums, stride);
}

}  // namespace narrow::host
#endif
