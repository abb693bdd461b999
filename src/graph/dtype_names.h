// The names of element types.
#pragma once

#include <array>

namespace narrow {

/// By number of the DType: NumPy's where it has one ("float32", "bool"), else a word of our own.
inline constexpr std::array<const char*, 23> kDTypeNames{
    "float32",   "float16", "int32",    "uint8",      "int64",  "string",        "bool",       "int16",
    "complex64", "int8",    "float64",  "complex128", "uint64", "resource",      "variant",    "uint32",
    "uint16",    "int4",    "bfloat16", "int2",       "uint4",  "float8_e4m3fn", "float8_e5m2"};

}  // namespace narrow
