#include "read/data/convert.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace narrow {
namespace {

constexpr size_t kConvertedAtOnce =
    256;  // elements converted at a time, through double: exact for all but huge 64-bit integers

float half_value(uint16_t h) {
  float const magnitude = std::ldexp(static_cast<float>(h & 0x3FF), -24);
  int const exponent = h >> 10 & 31;
  float v = exponent == 0 ? magnitude : std::ldexp(static_cast<float>(1024 + (h & 0x3FF)), exponent - 25);
  if (exponent == 31) v = (h & 0x3FF) != 0 ? std::numeric_limits<float>::quiet_NaN() : INFINITY;
  return (h & 0x8000) != 0 ? -v : v;
}

template <class T>
T load(const std::byte* p, bool swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::memcpy(raw.data(), p, sizeof(T));
  if (swapped) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

template <class T>
void widen_as(const std::byte* in, bool swapped, size_t n, double* out) {
  if (swapped)
    for (size_t i = 0; i < n; ++i) out[i] = static_cast<double>(load<T>(in + i * sizeof(T), true));
  else
    for (size_t i = 0; i < n; ++i) out[i] = static_cast<double>(load<T>(in + i * sizeof(T), false));
}

void widen(DType from, const std::byte* in, bool swapped, size_t n, double* out) {
  switch (from) {
    case DType::float32:
      return widen_as<float>(in, swapped, n, out);
    case DType::float64:
      return widen_as<double>(in, swapped, n, out);
    case DType::int8:
      return widen_as<int8_t>(in, swapped, n, out);
    case DType::int16:
      return widen_as<int16_t>(in, swapped, n, out);
    case DType::int32:
      return widen_as<int32_t>(in, swapped, n, out);
    case DType::int64:
      return widen_as<int64_t>(in, swapped, n, out);
    case DType::uint16:
      return widen_as<uint16_t>(in, swapped, n, out);
    case DType::uint32:
      return widen_as<uint32_t>(in, swapped, n, out);
    case DType::uint64:
      return widen_as<uint64_t>(in, swapped, n, out);
    case DType::float16:
      for (size_t i = 0; i < n; ++i) out[i] = static_cast<double>(half_value(load<uint16_t>(in + 2 * i, swapped)));
      return;
    default:
      return widen_as<uint8_t>(in, swapped, n, out);  // uint8 and bool
  }
}

template <class T>
void store_as(const double* in, size_t n, std::byte* out) {
  for (size_t i = 0; i < n; ++i) {
    T const v = static_cast<T>(in[i]);
    std::memcpy(out + i * sizeof(T), &v, sizeof(T));
  }
}

/// `in` holds values of `to`.
void store(DType to, const double* in, size_t n, std::byte* out) {
  switch (to) {
    case DType::float32:
      return store_as<float>(in, n, out);
    case DType::int8:
      return store_as<int8_t>(in, n, out);
    case DType::int16:
      return store_as<int16_t>(in, n, out);
    case DType::int32:
      return store_as<int32_t>(in, n, out);
    case DType::int64:
      return store_as<int64_t>(in, n, out);
    default:
      return store_as<uint8_t>(in, n, out);  // uint8 and bool
  }
}

struct Bounds {
  double lo = 0;
  double hi = 0;
};

template <class T>
constexpr Bounds bounds_as() {
  // Beyond 2^53 a double no longer tells integers apart.
  constexpr double kExact = 9007199254740992.0;
  return {std::max(static_cast<double>(std::numeric_limits<T>::min()), -kExact),
          std::min(static_cast<double>(std::numeric_limits<T>::max()), kExact)};
}

Bounds bounds(DType to) {
  switch (to) {
    case DType::int8:
      return bounds_as<int8_t>();
    case DType::int16:
      return bounds_as<int16_t>();
    case DType::int32:
      return bounds_as<int32_t>();
    case DType::int64:
      return bounds_as<int64_t>();
    case DType::boolean:
      return {0, 1};
    default:
      return bounds_as<uint8_t>();
  }
}

bool is_float(DType t) {
  return t == DType::float16 || t == DType::float32 || t == DType::float64;
}

bool is_input_type(DType t) {
  constexpr std::array kTypes{DType::float32, DType::int8,  DType::uint8,  DType::int16,
                              DType::int32,   DType::int64, DType::boolean};
  return std::find(kTypes.begin(), kTypes.end(), t) != kTypes.end();
}

using BadValue = Converter::BadValue;

const char* name_of_nonfinite(double v) {
  return std::isnan(v) ? "NaN" : "an infinite value";
}

std::optional<BadValue> first_nonfinite(const float* v, size_t n) {
  uint32_t worst = 0;
  for (size_t i = 0; i < n; ++i) worst = std::max(worst, std::bit_cast<uint32_t>(v[i]) & 0x7FFFFFFFu);
  if (worst < 0x7F800000u) return std::nullopt;
  size_t const i = static_cast<size_t>(std::find_if(v, v + n, [](float x) { return !std::isfinite(x); }) - v);
  return BadValue{i, name_of_nonfinite(static_cast<double>(v[i]))};
}

/// The real value to the quantized one; values need not be finite.
double quantize(double real, float scale, int32_t zero_point, Bounds to) {
  auto const steps = static_cast<double>(static_cast<float>(real) / scale);
  return std::clamp(std::trunc(steps + std::copysign(0.5, steps)) + zero_point, to.lo, to.hi);
}

/// Elements of N bytes, each the one of `table` that a byte of `in` names.
template <size_t N>
void look_up(const std::byte* table, const std::byte* in, size_t n, std::byte* out) {
  for (size_t i = 0; i < n; ++i) std::memcpy(out + i * N, table + std::to_integer<size_t>(in[i]) * N, N);
}

}  // namespace

std::vector<InputSpec> input_specs(const Model& model, int number) {
  const Graph& graph = model.graphs[static_cast<size_t>(number)];
  std::vector<InputSpec> specs;
  for (int index : graph.inputs) {
    const Tensor& t = graph.tensor(index);
    InputSpec spec{{t.name}, t.shape, t.dtype, t.quantization};
    for (const Signature& s : model.signatures)
      for (const auto& [name, tensor] : s.inputs)
        if (s.graph == number && tensor == index) spec.names.push_back(name);
    specs.push_back(std::move(spec));
  }
  return specs;
}

Result<Converter> Converter::make(DType from, bool swapped, const InputSpec& to, const DataOptions& options) {
  Converter c;
  c.from_ = from;
  c.to_ = to.dtype;
  c.swapped_ = swapped;
  c.options_ = options;
  std::string const both = std::string(to_string(from)) + " data for a " + to_string(to.dtype) + " input";
  if (!is_input_type(to.dtype)) return fail(ErrorKind::unsupported, both);
  bool const as_it_is = from == to.dtype && options.plain() && !swapped;
  if (options.quantized && is_float(from) != is_float(to.dtype))
    return refuse("data.is_quantized",
                  both + (is_float(from) ? " is not stored integers" : " has no stored integers to be") +
                      ", which `data.is_quantized` says",
                  "leave it out: numbers are real values then");
  if (to.dtype == DType::float32) {
    c.meaning_ = as_it_is ? Meaning::copy : Meaning::real;
  } else if (to.quantization.present() && !options.quantized) {
    c.meaning_ = Meaning::quantized;
    c.scale_ = to.quantization.scale();
    c.zero_point_ = to.quantization.zero_point();
  } else if (!is_float(from) && options.plain()) {
    c.meaning_ = as_it_is ? Meaning::copy : Meaning::integer;
  } else {
    return fail(ErrorKind::bad_data, both + ", which has no scale", {}, "store the data as integers");
  }
  if (c.in_bytes() == 1 && c.meaning_ != Meaning::copy) c.tabulate();
  return c;
}

void Converter::tabulate() {
  constexpr size_t kValues = 256;
  std::array<std::byte, kValues> every;
  for (size_t i = 0; i < kValues; ++i) every[i] = static_cast<std::byte>(i);
  std::vector<std::byte> table(kValues * out_bytes());
  if (!run(every.data(), kValues, table.data())) table_ = std::move(table);
}

std::optional<BadValue> Converter::run(const std::byte* in, size_t n, std::byte* out) const {
  if (meaning_ == Meaning::copy) {
    if (n > 0) std::memcpy(out, in, n * out_bytes());
    if (to_ != DType::float32 || options_.allow_nonfinite) return std::nullopt;
    return first_nonfinite(reinterpret_cast<const float*>(out), n);
  }
  if (!table_.empty()) {
    switch (out_bytes()) {
      case 1:
        look_up<1>(table_.data(), in, n, out);
        return std::nullopt;
      case 2:
        look_up<2>(table_.data(), in, n, out);
        return std::nullopt;
      case 4:
        look_up<4>(table_.data(), in, n, out);
        return std::nullopt;
      default:
        break;  // integers of 64 bits
    }
  }
  Bounds const fits = bounds(to_);
  std::array<double, kConvertedAtOnce> block;
  for (size_t at = 0; at < n; at += kConvertedAtOnce) {
    size_t const count = std::min(kConvertedAtOnce, n - at);
    widen(from_, in + at * in_bytes(), swapped_, count, block.data());
    std::span<double> const values(block.data(), count);
    if (!options_.plain())
      for (double& v : values) v = v * options_.scale + options_.offset;
    if (meaning_ == Meaning::real) {
      store(to_, values.data(), count, out + at * out_bytes());
      if (options_.allow_nonfinite) continue;
      auto bad = first_nonfinite(reinterpret_cast<const float*>(out) + at, count);
      if (bad) return BadValue{at + bad->index, bad->what};
      continue;
    }
    for (size_t i = 0; i < count; ++i) {
      double& v = values[i];
      if (!std::isfinite(v)) return BadValue{at + i, name_of_nonfinite(v)};
      if (meaning_ == Meaning::quantized) v = quantize(v, scale_, zero_point_, fits);
      if (v < fits.lo || v > fits.hi) return BadValue{at + i, "a value out of range"};
    }
    store(to_, values.data(), count, out + at * out_bytes());
  }
  return std::nullopt;
}

}  // namespace narrow
