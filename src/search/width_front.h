// Which widths layers are to have: the choices that no other one beats in bytes and in error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace narrow {

/// What a layer costs at one of its widths, and the squared error that it adds to the outputs then.
struct WidthOption {
  int64_t bytes = 0;
  double noise = 0;
};

/// One option for each layer, and their sums.
struct FrontPoint {
  int64_t bytes = 0;
  double noise = 0;
  std::vector<uint8_t> options;  // by layer, an index into its options
};

/// The choices of an option for each layer that are better than all others in bytes or in noise, by rising bytes and so
/// falling noise. Exact while no more than `most` choices are such for the first layers; beyond that, of neighbours
/// by bytes the one with less noise stays. Each layer has from 1 to 255 options.
std::vector<FrontPoint> width_front(std::span<const std::vector<WidthOption>> layers, size_t most = 4096);

/// At most `count` (2 or more) points of a front, both ends among them, in equal steps of decibels as far as there are
/// points.
std::vector<FrontPoint> spread(const std::vector<FrontPoint>& front, size_t count);

}  // namespace narrow
