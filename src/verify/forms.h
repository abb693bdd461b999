// Forms: the element types that a kernel takes, in a notation for tables.
//
//   f32 f32 f32? -> f32; i8 i8|i4 i32? -> i8      forms are separated by ';'
//   f32 i8 i16: T T -> T                          T is the same type everywhere, one of those before the ':'
//
// A place is a type, several joined by '|', T, or `any`; '?' after it: may be left out, '*': any number of them.
// Types: f32 f16 bf16 f64 i2 i4 u4 i8 u8 i16 u16 i32 u32 i64 u64 bool str res var c64 c128; `any` is all but the
// handles res and var.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ops/def/op_def.h"

namespace narrow {

/// A set of element types, bit i for DType i.
using TypeSet = uint32_t;

struct TypePlace {
  TypeSet types = 0;
  bool optional = false;
  bool many = false;
};

/// One form with its T replaced.
struct TypeForm {
  std::vector<TypePlace> operands;
  std::vector<TypePlace> results;
};

/// The forms of a row; nothing where the text is not in the notation.
std::optional<std::vector<TypeForm>> parse_forms(std::string_view text);

/// Why no form takes the op's types, by the nearest form; nothing where one does.
std::optional<std::string> misfit(const std::vector<TypeForm>& forms, const OpView& op);

/// "int8", "int8 or int16".
std::string type_words(TypeSet types);

/// The forms of a row with NumPy's names of types, for remedies.
std::string form_words(std::string_view text);

/// Whether the set has that type.
bool holds(TypeSet types, DType type);

}  // namespace narrow
