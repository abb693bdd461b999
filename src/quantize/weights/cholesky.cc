#include "quantize/weights/cholesky.h"

#include <algorithm>
#include <cmath>

namespace narrow {

// Row operations on the transposed factor: its inner loop adds a multiple of one row to another, without a sum whose
// order a compiler could change.
std::vector<double> cholesky(std::span<const double> a, size_t n) {
  std::vector<double> u(a.begin(), a.end());  // upper triangle: L'
  for (size_t k = 0; k < n; ++k) {
    double* const row = u.data() + k * n;
    if (!(row[k] > 0)) return {};
    double const inverse = 1 / std::sqrt(row[k]);
    for (size_t j = k; j < n; ++j) row[j] *= inverse;
    for (size_t i = k + 1; i < n; ++i) {
      double const factor = row[i];
      if (factor == 0) continue;
      double* const below = u.data() + i * n;
      for (size_t j = i; j < n; ++j) below[j] -= factor * row[j];
    }
  }
  std::vector<double> lower(n * n, 0.0);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j <= i; ++j) lower[i * n + j] = u[j * n + i];
  return lower;
}

void solve_cholesky(std::span<const double> lower, std::span<double> b) {
  size_t const n = b.size();
  for (size_t i = 0; i < n; ++i) {
    double sum = b[i];
    for (size_t j = 0; j < i; ++j) sum -= lower[i * n + j] * b[j];
    b[i] = sum / lower[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    b[i] /= lower[i * n + i];
    for (size_t j = 0; j < i; ++j) b[j] -= lower[i * n + j] * b[i];
  }
}

std::vector<double> factor_of_inverse(std::span<const double> a, size_t n) {
  // With J turning the order around: J a J = L L', so a = (J L J)(J L J)' and a^-1 = U'U with U = J L^-1 J.
  std::vector<double> turned(n * n);
  for (size_t i = 0; i < n * n; ++i) turned[i] = a[n * n - 1 - i];
  std::vector<double> const lower = cholesky(turned, n);
  if (lower.empty()) return {};
  // Row i of the inverse of L: e_i minus the rows before it.
  std::vector<double> inverse(n * n, 0.0);
  for (size_t i = 0; i < n; ++i) {
    double* const row = inverse.data() + i * n;
    row[i] = 1;
    for (size_t j = 0; j < i; ++j) {
      double const factor = lower[i * n + j];
      const double* const before = inverse.data() + j * n;
      for (size_t k = 0; k <= j; ++k) row[k] -= factor * before[k];
    }
    for (size_t k = 0; k <= i; ++k) row[k] /= lower[i * n + i];
  }
  std::reverse(inverse.begin(), inverse.end());
  return inverse;
}

}  // namespace narrow
