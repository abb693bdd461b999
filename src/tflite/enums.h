// The format's numbers for element types, padding, activations and mirroring, and the values of narrow that they mean.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "graph/dtype_names.h"
#include "ops/def/attributes.h"
#include "ops/layout/layout.h"
#include "tflite/format.h"

namespace narrow {

/// `kPairs` lists each value of an enumeration with the format's value of the same meaning.
template <class Ours>
struct FormatValues;

template <>
struct FormatValues<DType> {
  using enum format::TensorType;
  static constexpr std::array<std::pair<DType, format::TensorType>, kDTypeNames.size()> kPairs{{
      {DType::float32, FLOAT32},
      {DType::float16, FLOAT16},
      {DType::int32, INT32},
      {DType::uint8, UINT8},
      {DType::int64, INT64},
      {DType::string, STRING},
      {DType::boolean, BOOL},
      {DType::int16, INT16},
      {DType::complex64, COMPLEX64},
      {DType::int8, INT8},
      {DType::float64, FLOAT64},
      {DType::complex128, COMPLEX128},
      {DType::uint64, UINT64},
      {DType::resource, RESOURCE},
      {DType::variant, VARIANT},
      {DType::uint32, UINT32},
      {DType::uint16, UINT16},
      {DType::int4, INT4},
      {DType::bfloat16, BFLOAT16},
      {DType::int2, INT2},
      {DType::uint4, UINT4},
      {DType::float8_e4m3fn, FLOAT8_E4M3FN},
      {DType::float8_e5m2, FLOAT8_E5M2},
  }};
};

template <>
struct FormatValues<Padding> {
  static constexpr std::array<std::pair<Padding, format::Padding>, EnumNames<Padding>::kNames.size()> kPairs{{
      {Padding::same, format::Padding::SAME},
      {Padding::valid, format::Padding::VALID},
  }};
};

template <>
struct FormatValues<Activation> {
  using enum format::ActivationFunctionType;
  static constexpr std::array<std::pair<Activation, format::ActivationFunctionType>,
                              EnumNames<Activation>::kNames.size()>
      kPairs{{
          {Activation::none, NONE},
          {Activation::relu, RELU},
          {Activation::relu_n1_to_1, RELU_N1_TO_1},
          {Activation::relu6, RELU6},
          {Activation::tanh, TANH},
          {Activation::sign_bit, SIGN_BIT},
      }};
};

template <>
struct FormatValues<MirrorMode> {
  static constexpr std::array<std::pair<MirrorMode, format::MirrorPadMode>, EnumNames<MirrorMode>::kNames.size()>
      kPairs{{
          {MirrorMode::reflect, format::MirrorPadMode::REFLECT},
          {MirrorMode::symmetric, format::MirrorPadMode::SYMMETRIC},
      }};
};

/// The format's value for a value of narrow.
template <class Ours>
constexpr auto to_format(Ours value) {
  constexpr auto const& pairs = FormatValues<Ours>::kPairs;
  return std::find_if(pairs.begin(), pairs.end(), [value](const auto& p) { return p.first == value; })->second;
}

/// The value that a file's number means; nothing where the format does not define that number.
template <class Ours, class Theirs>
constexpr std::optional<Ours> from_format(Theirs number) {
  for (auto const& [ours, theirs] : FormatValues<Ours>::kPairs)
    if (theirs == number) return ours;
  return std::nullopt;
}

}  // namespace narrow
