#include "narrow/types.h"

#include <array>

#include "narrow/compile.h"
#include "narrow/version.h"

namespace narrow {
namespace {

/// The values of an enumeration that has no gaps, in order.
template <class E, size_t n>
constexpr std::array<E, n> kValues = [] {
  std::array<E, n> out{};
  for (size_t i = 0; i < n; ++i) out[i] = static_cast<E>(i);
  return out;
}();

constexpr std::array kSchemes{"int8", "int16x8", "int16", "q7", "q15", "dynamic", "float16"};
constexpr std::array kProfiles{"narrow", "tflm", "litert", "xnnpack"};
constexpr std::array kRuntimes{"tflm", "litert", "cmsis-nn", "edgetpu", "narrow"};
constexpr std::array kGranularities{"channel", "tensor"};
constexpr std::array kScales{"any", "pow2"};
constexpr std::array kRangeMethods{"minmax", "moving-average", "percentile", "mse", "entropy", "search"};
constexpr std::array kWeightRoundings{"nearest", "descent", "gptq"};
constexpr std::array kQualities{"fast", "best"};
constexpr std::array kOnNan{"stop", "skip"};
constexpr std::array kExportFormats{"npy", "csv", "header"};
constexpr std::array kHeaderStyles{"array", "define"};
constexpr std::array kPackages{"cmake", "make", "arduino", "platformio", "zephyr", "esp-idf", "cmsis-pack"};
constexpr std::array kWidths{"float32", "int8", "int16x8", "int8x4", "int16x4", "dynamic"};

}  // namespace

// clang-format off
#define NARROW_NAMES(E, names)                                                            \
  const char* to_string(E value) { return names[static_cast<size_t>(value)]; }           \
  template <> std::span<const E> all<E>() { return kValues<E, names.size()>; }
// clang-format on

NARROW_NAMES(Scheme, kSchemes)
NARROW_NAMES(Profile, kProfiles)
NARROW_NAMES(Runtime, kRuntimes)
NARROW_NAMES(Granularity, kGranularities)
NARROW_NAMES(Scales, kScales)
NARROW_NAMES(RangeMethod, kRangeMethods)
NARROW_NAMES(WeightRounding, kWeightRoundings)
NARROW_NAMES(Quality, kQualities)
NARROW_NAMES(OnNan, kOnNan)
NARROW_NAMES(ExportFormat, kExportFormats)
NARROW_NAMES(HeaderStyle, kHeaderStyles)
NARROW_NAMES(Package, kPackages)
NARROW_NAMES(Width, kWidths)

template <>
std::span<const RoundingRule> all<RoundingRule>() {
  return kValues<RoundingRule, kRoundingNames.size()>;
}

const char* version() {
  return NARROW_VERSION;
}

}  // namespace narrow
