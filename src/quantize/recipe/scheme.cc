#include "quantize/recipe/scheme.h"

#include <array>

namespace narrow {
namespace {

constexpr std::array<SchemeDef, 7> kSchemes{{
    {.name = "int8",
     .kind = SchemeKind::integer,
     .activation_bits = 8,
     .io = DType::int8,
     .summary = "int8 weights and activations, int32 biases"},
    {.name = "int16x8",
     .kind = SchemeKind::integer,
     .activation_bits = 16,
     .io = DType::int16,
     .summary = "int8 weights, int16 activations, int64 biases"},
    {.name = "int16",
     .kind = SchemeKind::integer,
     .activation_bits = 16,
     .weight_bits = 16,
     .headroom = 2,
     .io = DType::int16,
     .summary = "int16 weights, activations and biases, 64-bit sums"},
    {.name = "q7",
     .kind = SchemeKind::integer,
     .activation_bits = 8,
     .power_of_two = true,
     .io = DType::int8,
     .summary = "Qm.n in 8 bits: scales 2^-n, zero points 0, results by shifts"},
    {.name = "q15",
     .kind = SchemeKind::integer,
     .activation_bits = 16,
     .weight_bits = 16,
     .power_of_two = true,
     .io = DType::int16,
     .summary = "Qm.n in 16 bits"},
    {.name = "dynamic",
     .kind = SchemeKind::dynamic,
     .summary = "int8 weights of 1024 elements or more, the rest float"},
    {.name = "float16", .kind = SchemeKind::float16, .summary = "constants stored as float16"},
}};

}  // namespace

std::span<const SchemeDef> all_schemes() {
  return kSchemes;
}

const SchemeDef* find_scheme(std::string_view name) {
  for (const SchemeDef& s : kSchemes)
    if (name == s.name) return &s;
  return nullptr;
}

}  // namespace narrow
