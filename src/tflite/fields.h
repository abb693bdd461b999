// What codecs are made of: an options table is a list of fields, each read and written by one rule.
#pragma once

#include <type_traits>
#include <vector>

#include "base/limits.h"
#include "tflite/codec.h"
#include "tflite/enums.h"

namespace narrow {

/// A member of the attribute struct and the member of the options table that holds the same value.
template <auto kOurs, auto kTheirs>
struct Field {
  template <class Attributes, class Options>
  static Status read(Attributes& attributes, const Options& options) {
    auto const& theirs = options.*kTheirs;
    auto& ours = attributes.*kOurs;
    using Theirs = std::remove_cvref_t<decltype(theirs)>;
    using Ours = std::remove_cvref_t<decltype(ours)>;
    if constexpr (std::is_enum_v<Theirs>) {
      auto const known = from_format<Ours>(theirs);
      if (!known)
        return fail(ErrorKind::bad_file, "an option has the value " + std::to_string(static_cast<int>(theirs)) +
                                             ", which the format does not have");
      ours = *known;
    } else {
      if constexpr (std::is_same_v<Theirs, std::vector<int32_t>>)
        if (theirs.size() > static_cast<size_t>(kLimits.rank))
          return fail(ErrorKind::limit_exceeded, "an option lists " + std::to_string(theirs.size()) +
                                                     " dimensions; at most " + std::to_string(kLimits.rank) +
                                                     " are allowed");
      ours = static_cast<Ours>(theirs);
    }
    return {};
  }

  template <class Attributes, class Options>
  static void write(const Attributes& attributes, Options& options) {
    auto& theirs = options.*kTheirs;
    if constexpr (std::is_enum_v<std::remove_reference_t<decltype(theirs)>>)
      theirs = to_format(attributes.*kOurs);
    else
      theirs = static_cast<std::remove_reference_t<decltype(theirs)>>(attributes.*kOurs);
  }
};

/// A member of the options table for which narrow supports one value only.
template <auto kTheirs, auto kValue>
struct Only {
  template <class Attributes, class Options>
  static Status read(Attributes&, const Options& options) {
    if (options.*kTheirs != kValue) return fail(ErrorKind::unsupported, "an option has a value that narrow lacks");
    return {};
  }
  template <class Attributes, class Options>
  static void write(const Attributes&, Options& options) {
    options.*kTheirs = kValue;
  }
};

/// An options table (its generated struct, named ...T) and the attribute struct it stands for.
template <class Ours, class Options, class... Fields>
struct Table {
  using Stored = typename Options::TableType;

  static Result<Attributes> read(const format::Operator& op) {
    Ours attributes;
    auto const type = op.builtin_options_type();
    if (type == format::BuiltinOptions::NONE || !op.builtin_options()) return Attributes(attributes);
    const Stored* stored = op.builtin_options_as<Stored>();
    if (!stored)
      return fail(ErrorKind::bad_file,
                  std::string("its options are ") + format::EnumNameBuiltinOptions(type) + ", another op's");
    Options options;
    stored->UnPackTo(&options);
    Status status;
    ((status = status ? Fields::read(attributes, options) : status), ...);
    if (!status) return pass(std::move(status));
    return Attributes(std::move(attributes));
  }

  static format::BuiltinOptionsUnion write(const Attributes& attributes) {
    Options options;
    if (auto const* ours = attributes.get_if<Ours>()) (Fields::write(*ours, options), ...);
    format::BuiltinOptionsUnion out;
    out.Set(std::move(options));
    return out;
  }
};

/// An op without attributes whose options table has no fields.
template <class Options>
struct EmptyTable {
  static Result<Attributes> read(const format::Operator&) { return Attributes(); }
  static format::BuiltinOptionsUnion write(const Attributes&) {
    format::BuiltinOptionsUnion out;
    out.Set(Options());
    return out;
  }
};

/// An op that the format has no options table for.
struct NoTable {
  static Result<Attributes> read(const format::Operator&) { return Attributes(); }
  static format::BuiltinOptionsUnion write(const Attributes&) { return {}; }
};

/// A codec: the code of the op, its table, and the releases that brought its versions, from version 1 on.
template <class OptionsTable, class... Releases>
constexpr Codec codec(format::BuiltinOperator code, Releases... releases) {
  return {code, {releases...}, OptionsTable::read, OptionsTable::write};
}

}  // namespace narrow
