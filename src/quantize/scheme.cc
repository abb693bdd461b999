#include "quantize/scheme.h"

#include <array>

namespace narrow {
namespace {

constexpr std::array<Scheme, 4> kSchemes{{
    {.name = "int8",
     .kind = SchemeKind::integer,
     .activation_bits = 8,
     .bias_bits = 32,
     .io = DType::int8,
     .summary = "int8 weights and activations, int32 biases"},
    {.name = "int16x8",
     .kind = SchemeKind::integer,
     .activation_bits = 16,
     .bias_bits = 64,
     .io = DType::int16,
     .summary = "int8 weights, int16 activations, int64 biases"},
    {.name = "dynamic",
     .kind = SchemeKind::dynamic,
     .summary = "int8 weights of 1024 elements or more, the rest float"},
    {.name = "float16", .kind = SchemeKind::float16, .summary = "constants stored as float16"},
}};

}  // namespace

std::span<const Scheme> all_schemes() {
  return kSchemes;
}

const Scheme* find_scheme(std::string_view name) {
  for (const Scheme& s : kSchemes)
    if (name == s.name) return &s;
  return nullptr;
}

}  // namespace narrow
