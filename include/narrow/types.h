// The choices of the public interface, each with its names.
//
//   Scheme s = parse<Scheme>("int16x8").value_or(Scheme::int8);
//   for (Profile p : all<Profile>()) std::puts(to_string(p));
#pragma once

#include <narrow/dtype.h>
#include <narrow/rounding.h>
#include <narrow/visibility.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace narrow {

/// What becomes integer in a quantized model, and how wide.
enum class Scheme : uint8_t {
  int8,     // int8 weights and activations, int32 biases
  int16x8,  // int8 weights, int16 activations, int64 biases
  int16,    // int16 weights, activations and biases, 64-bit sums
  q7,       // Qm.n in 8 bits: scales 2^-n, zero points 0, results by shifts
  q15,      // Qm.n in 16 bits
  dynamic,  // int8 weights of 1024 elements or more, the rest float
  float16,  // constants stored as float16
};

/// Whose kernels a run follows, bit for bit. A run is refused where an op has no rule for it.
enum class Profile : uint8_t {
  narrow,   // what the model itself says of its arithmetic; as tflm where it says nothing
  tflm,     // TensorFlow Lite Micro's reference kernels, which CMSIS-NN computes alike
  litert,   // LiteRT's reference kernels
  xnnpack,  // LiteRT's default interpreter: XNNPACK where it takes an op, LiteRT's own kernels elsewhere
};

/// Who is to run a model, for `verify`.
enum class Runtime : uint8_t { tflm, litert, cmsis_nn, edgetpu, narrow };

/// How many scales a weight tensor has.
enum class Granularity : uint8_t {
  channel,  // one for each output channel (per-channel)
  tensor,   // one for all weights (per-tensor)
};

/// Which scales a quantized model may have.
enum class Scales : uint8_t {
  any,
  pow2,  // powers of two, with zero points 0
};

/// How the range of an activation comes from its statistics.
enum class RangeMethod : uint8_t {
  minmax,          // the least and the greatest value seen
  moving_average,  // each sample's extent, smoothed with a factor of 0.95; needs ranges per sample
  percentile,      // so many percent of the values; needs histograms, likewise the next two
  mse,             // the least expected squared error
  entropy,         // the least information lost about the values' distribution
  search,          // powers of two tried layer by layer, by accuracy or output error; needs samples
};

/// How weights become integers.
enum class WeightRounding : uint8_t {
  nearest,  // each by itself
  descent,  // so that the results of the layer are off least: one integer after the other, until none is better
  gptq,     // likewise, with the weights still to be rounded making up for the error of those before
};

/// How much is tried for accuracy.
enum class Quality : uint8_t {
  fast,  // ranges by one method, each weight to the nearest integer: what TFLite's converter does
  best,  // chains of ranges, channel scaling, rounding and bias correction; the best on samples held back is kept
};

/// What to do about values that are not finite.
enum class OnNan : uint8_t { stop, skip };

/// How constants are written.
enum class ExportFormat : uint8_t {
  npy,     // a NumPy file for each
  csv,     // a text file for each
  header,  // a C header
};

/// How a C header holds constants.
enum class HeaderStyle : uint8_t {
  array,   // declares arrays that a .c beside it defines
  define,  // has lists of numbers as macros
};

/// Element types that ops are listed with, by `supported_ops`.
enum class Width : uint8_t {
  float32,  // float32 data and weights
  int8,     // 8-bit data and weights
  int16x8,  // 16-bit data, 8-bit weights
  int8x4,   // 8-bit data, 4-bit weights
  int16x4,  // 16-bit data, 4-bit weights
  dynamic,  // float32 data, 8-bit weights
};

/// As a width of biases: the narrowest width whose rounding error stays below a quarter of a step (LSB) of the result.
inline constexpr int kAutoBias = 0;

/// As a width of activations: computed in float32 beside 8-bit weights, as Scheme::dynamic does.
inline constexpr int kFloatActivations = 0;
/// The largest headroom of 16-bit activations: four of their bits are left to values never seen.
inline constexpr double kMostHeadroom = 16;

/// The name of a value, as files and command lines spell it: "int16x8", "cmsis-nn", "half-up".
NARROW_API const char* to_string(Scheme value);
NARROW_API const char* to_string(Profile value);
NARROW_API const char* to_string(Runtime value);
NARROW_API const char* to_string(Granularity value);
NARROW_API const char* to_string(Scales value);
NARROW_API const char* to_string(RangeMethod value);
NARROW_API const char* to_string(WeightRounding value);
NARROW_API const char* to_string(Quality value);
NARROW_API const char* to_string(OnNan value);
NARROW_API const char* to_string(ExportFormat value);
NARROW_API const char* to_string(HeaderStyle value);
NARROW_API const char* to_string(Width value);

/// All values of one of the enumerations above, or of RoundingRule, in their order here.
template <class E>
std::span<const E> all();
template <>
NARROW_API std::span<const Scheme> all<Scheme>();
template <>
NARROW_API std::span<const Profile> all<Profile>();
template <>
NARROW_API std::span<const Runtime> all<Runtime>();
template <>
NARROW_API std::span<const Granularity> all<Granularity>();
template <>
NARROW_API std::span<const Scales> all<Scales>();
template <>
NARROW_API std::span<const RangeMethod> all<RangeMethod>();
template <>
NARROW_API std::span<const RoundingRule> all<RoundingRule>();
template <>
NARROW_API std::span<const WeightRounding> all<WeightRounding>();
template <>
NARROW_API std::span<const Quality> all<Quality>();
template <>
NARROW_API std::span<const OnNan> all<OnNan>();
template <>
NARROW_API std::span<const ExportFormat> all<ExportFormat>();
template <>
NARROW_API std::span<const HeaderStyle> all<HeaderStyle>();
template <>
NARROW_API std::span<const Width> all<Width>();

/// The value of that name, or nothing.
template <class E>
std::optional<E> parse(std::string_view name) {
  for (E value : all<E>())
    if (name == to_string(value)) return value;
  return std::nullopt;
}

}  // namespace narrow
