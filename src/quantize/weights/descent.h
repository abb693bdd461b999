// Coordinate descent over the integers of one channel.
#pragma once

#include <cstdint>
#include <span>

namespace narrow {

/// Lowers (s q - w)' G (s q - w) over integers |q_k| <= limit, from `q` on; `covariance` is G, row by row. Columns
/// whose inputs do not vary stay as they are. Returns what is left of it.
double descend(std::span<const double> covariance, std::span<const double> w, double scale, double limit,
               std::span<double> q);

}  // namespace narrow
