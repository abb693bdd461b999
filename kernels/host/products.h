// Sums of products of many pairs of columns: the inner loop of second moments.
#ifndef NARROW_KERNELS_HOST_PRODUCTS_H
#define NARROW_KERNELS_HOST_PRODUCTS_H

namespace narrow::host {

// Elements of a column; the vectors of every target divide it.
inline constexpr int kProductRows = 128;

// sums[i * stride + j] += sum over r < kProductRows of a[i * kProductRows + r] * b[j * kProductRows + r], for i < na
// and j < nb. The order of additions is not fixed: sums are the same on every machine where all values are integers (or
// multiples of one power of two) whose sums of products T holds exactly: below 2^24 for float, 2^53 for double.
void add_products(const float* a, int na, const float* b, int nb, double* sums, long stride);
void add_products(const double* a, int na, const double* b, int nb, double* sums, long stride);

}  // namespace narrow::host

#endif
