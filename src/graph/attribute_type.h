// AttributeType: the fields of an attribute struct by name, written once beside the op that has the struct.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "graph/attributes.h"
#include "graph/dtype_names.h"
#include "graph/tensor.h"

namespace narrow {

/// What a field of any attribute struct holds. An enumeration is its number; AttributeField::names has its words.
using FieldValue = std::variant<bool, int64_t, float, std::string, std::vector<int32_t>, std::vector<float>>;

template <>
struct EnumNames<DType> {
  static constexpr std::span<const char* const> kNames = kDTypeNames;
};

/// One member of an attribute struct.
struct AttributeField {
  const char* name;
  std::span<const char* const> names;  // of an enumeration's values; empty for other kinds of field
  FieldValue (*get)(const Attributes& of);
  void (*set)(Attributes& of, const FieldValue& value);  // `value` holds the alternative that `get` gives

  /// The word for a value of an enumeration; null where it has none.
  const char* word(const FieldValue& value) const;
};

/// An attribute struct, for code that does not know the op.
struct AttributeType {
  const char* name;  // "Conv2d"
  std::span<const AttributeField> fields;
  Attributes (*make)();  // with the default value in every field

  /// The field of that name, or null.
  const AttributeField* field(std::string_view field_name) const;
};

/// The value of a field as text: "same", "2", "0.5", "[1, -1]", "true", "'name'".
std::string print(const AttributeField& field, const FieldValue& value);

/// Sets a field by its name. bad_option where the struct has no such field, or the field another kind of value;
/// numbers of enumerations that have no name are refused too.
Status set_field(Attributes& attributes, std::string_view name, const FieldValue& value);

/// A value that depends on the type and on all fields alone, the same in every run and on every machine.
uint64_t hash(const Attributes& attributes);

namespace attribute_detail {

template <class>
struct MemberOf;
template <class Struct, class Value>
struct MemberOf<Value Struct::*> {
  using Owner = Struct;
  using Type = Value;
};

/// The alternative of FieldValue that holds a member of this type.
template <class Member>
using Stored =
    std::conditional_t<std::is_same_v<Member, bool>, bool,
                       std::conditional_t<std::is_enum_v<Member> || std::is_integral_v<Member>, int64_t, Member>>;

template <class Struct>
struct Anything {
  template <class T>
  requires(!std::is_same_v<T, Struct>) operator T() const;
};

/// Whether Struct is an aggregate that takes an initializer for each index.
template <class Struct, size_t... kIndices>
constexpr bool takes(std::index_sequence<kIndices...>) {
  return requires {
    Struct{(static_cast<void>(kIndices), Anything<Struct>{})...};
  };
}

/// How many members an aggregate has.
template <class Struct, size_t kCount = 0>
constexpr size_t member_count() {
  if constexpr (takes<Struct>(std::make_index_sequence<kCount + 1>()))
    return member_count<Struct, kCount + 1>();
  else
    return kCount;
}

}  // namespace attribute_detail

/// The description of one member: field<&Conv2dAttributes::stride_h>("stride_h").
template <auto kMember>
constexpr AttributeField field(const char* name) {
  using Owner = typename attribute_detail::MemberOf<decltype(kMember)>::Owner;
  using Member = typename attribute_detail::MemberOf<decltype(kMember)>::Type;
  using Value = attribute_detail::Stored<Member>;
  AttributeField f{};
  f.name = name;
  if constexpr (std::is_enum_v<Member>) f.names = EnumNames<Member>::kNames;
  f.get = [](const Attributes& of) -> FieldValue { return static_cast<Value>(of.get<Owner>().*kMember); };
  f.set = [](Attributes& of, const FieldValue& value) {
    of.edit<Owner>()->*kMember = static_cast<Member>(std::get<Value>(value));
  };
  return f;
}

/// The description of a struct by its fields, all of them in order: a member that is left out does not compile.
template <class T, size_t kCount>
constexpr AttributeType attribute_type(const char* name, const AttributeField (&fields)[kCount]) {
  static_assert(attribute_detail::member_count<T>() == kCount, "the list lacks a member of the struct, or repeats one");
  return {name, fields, [] { return Attributes(T{}); }};
}

}  // namespace narrow
