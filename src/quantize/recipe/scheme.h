// SchemeDef: a named recipe of widths.
#pragma once

#include <span>
#include <string_view>

#include "graph/tensor.h"

namespace narrow {

enum class SchemeKind {
  float16,  // constants stored as float16, computed in float32
  dynamic,  // weights stored as integers, activations float outside the layers
  integer,  // integers end to end
};

struct SchemeDef {
  const char* name;
  SchemeKind kind = SchemeKind::integer;
  int activation_bits = 0;    // 8 or 16; 0: float
  int weight_bits = 8;        // 8 or 16
  bool power_of_two = false;  // scales 2^-n, zero points 0, a scale for the whole of a weight
  double headroom = 1;        // factor on the ranges of 16-bit activations, for values beyond those calibrated
  DType io = DType::float32;  // type of inputs and outputs where the user does not say
  const char* summary;        // one line for --help and the docs
};

/// All schemes, the default first.
std::span<const SchemeDef> all_schemes();

/// The scheme of that name, or null.
const SchemeDef* find_scheme(std::string_view name);

}  // namespace narrow
