// From accumulators to outputs: the rounding rules of the runtimes, as one value per layer.
#ifndef NARROW_KERNELS_HOST_EPILOGUE_H
#define NARROW_KERNELS_HOST_EPILOGUE_H

#include <cstdint>
#include <span>
#include <vector>

namespace narrow::host {

// Every rule ends in clamp(rounded + zero_point, min, max), in exact integers: nothing wraps in that last step.
enum class Rounding : std::uint8_t {
  kDouble,    // nw_requantize_double
  kDoubleUp,  // nw_requantize_double_up
  kSingle,    // nw_requantize_single
  kWide,      // nw_requantize_wide: shift <= 14
  kFloat32,   // float(acc) * scale, nearest, ties to even. XNNPACK
  kFloat64,   // double(acc) * scale64, nearest, ties away from zero. LiteRT reference FULLY_CONNECTED
  kByRule,    // nw_requantize_by, or nw_requantize_wide_by where `wide`
};
inline constexpr int kRoundings = 7;

// The arrays have one element per output channel and are copied. Integer rules read multiplier (0 or [2^30, 2^31 - 1])
// and shift ([-31, 30]); the float rules read the scale of their type, finite; the others may be empty.
struct EpilogueParams {
  Rounding rounding = Rounding::kDouble;
  int rule = 0;       // enum nw_rounding, of kByRule
  bool wide = false;  // kByRule of 64-bit sums
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
  std::int32_t zero_point;
  std::int32_t low, high;                // limits before the zero point is added
  std::vector<std::int32_t> multiplier;  // kWide, and kByRule where `wide`: already reduced to 16 bits
  std::vector<std::int32_t> shift;
  std::vector<float> scale;
  std::vector<double> scale64;
};

}  // namespace narrow::host

#endif
