// From accumulators to outputs: the rounding rules of the runtimes, as one value per layer.
#ifndef NARROW_KERNELS_HOST_EPILOGUE_H
#define NARROW_KERNELS_HOST_EPILOGUE_H

#include <cstdint>
#include <span>
#include <vector>

#include "rows/rounding.h"

namespace narrow::host {

// How many roundings there are; `refused` and `mixed` have no epilogue.
inline constexpr int kRoundings = static_cast<int>(Rounding::by_rule) + 1;

// Every rounding ends in clamp(rounded + zero_point, min, max), in exact integers: nothing wraps in that last step.
// The arrays have one element per output channel and are copied. Integer rules read multiplier (0 or [2^30, 2^31 - 1])
// and shift ([-31, 30]); the float rules read the scale of their type, finite; the others may be empty.
struct EpilogueParams {
  Rounding rounding = Rounding::double_away;
  int rule = 0;       // enum nw_rounding, of by_rule
  bool wide = false;  // by_rule of 64-bit sums
  std::span<const std::int32_t> multiplier;
  std::span<const std::int32_t> shift;
  std::span<const float> scale;
  std::span<const double> scale64;
  std::int32_t zero_point = 0;  // of the output, within the output type
  std::int32_t min = 0;         // min <= max, within the output type
  std::int32_t max = 0;
};

// Kernels load whole vectors from any channel on, and may see several pixels as one wide pixel: each array repeats
// its channels from the start for kEpilogueSlack elements more.
inline constexpr int kEpilogueSlack = 32;

// Independent of the instruction set; immutable, shared by threads.
class Epilogue {
 public:
  explicit Epilogue(const EpilogueParams& params);

  Rounding rounding;
  int rule;
  bool wide;
  bool shifts_left = false;  // in any channel
  std::int32_t zero_point;
  std::int32_t low, high;                // limits before the zero point is added
  std::vector<std::int32_t> multiplier;  // wide, and by_rule where `wide`: already reduced to 16 bits
  std::vector<std::int32_t> shift;
  std::vector<float> scale;
  std::vector<double> scale64;
};

}  // namespace narrow::host

#endif
