// Cholesky factors of symmetric positive definite matrices, and what is solved with them. Matrices are square, row by
// row.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace narrow {

/// The lower triangular L with L L' = a, 0 above the diagonal. Where `a` is not positive definite to rounding, empty.
std::vector<double> cholesky(std::span<const double> a, size_t n);

/// Replaces b by the x with L L' x = b.
void solve_cholesky(std::span<const double> lower, std::span<double> b);

/// The upper triangular U with U'U = a^-1; empty where `a` is not positive definite to rounding.
std::vector<double> factor_of_inverse(std::span<const double> a, size_t n);

}  // namespace narrow
